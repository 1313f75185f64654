"""Training, conversion and evaluation of the shipped model. Never imported while serving."""
