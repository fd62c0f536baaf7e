"""Pictures of a flow: what is drawn (scene), where (layout), and as what (svg, page, mermaid, dot)."""
