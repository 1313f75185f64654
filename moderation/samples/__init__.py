"""Comments that anybody may share, for trying the service. See README.md beside this file."""
