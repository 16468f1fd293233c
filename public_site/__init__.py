"""The generator of the public site: approved data in, a folder of static pages out."""
