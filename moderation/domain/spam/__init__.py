"""What gives spam away, without a model: in a text, in its links, in conduct, in company."""
