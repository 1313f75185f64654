"""The least that Flask can do: what the accept path is compared with."""

from flask import Flask

app = Flask("hello")


@app.get("/")
def hello() -> str:
    return "hello"
