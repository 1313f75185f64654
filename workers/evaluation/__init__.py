"""How good a model is: figures about its scores, and a report of them."""
