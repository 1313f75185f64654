"""The world behind the ports: SQL, Redis, HTTP, cryptography."""
