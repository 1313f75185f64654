"""Other services' protocols, so that their clients work here with another address and key.

Each dialect is translated and nothing is decided: parse, call one use case or port, answer in
the dialect's own words, its errors and limits included.
"""
