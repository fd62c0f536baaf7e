"""Floor 3: the flow language: model, reader, expressions, texts, checks, versions and migration."""
