"""PDF files: a plain one, and those that act, hide or break."""

import zlib


def pdf(*objects: bytes, trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A small document; ``objects`` follow its catalogue. Readers mend the cross-reference table."""
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [] /Count 0 >>",
        *objects,
    ]
    parts = [b"%PDF-1.5\n"]
    for number, body in enumerate(bodies, 1):
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    return b"".join(parts) + b"trailer << %s >>\nstartxref\n9\n%%%%EOF\n" % trailer


def stream(content: bytes, dictionary: bytes = b"", packed: bool = True) -> bytes:
    body = zlib.compress(content) if packed else content
    filters = b"/Filter /FlateDecode" if packed else b""
    return b"<< %s %s /Length %d >>\nstream\n%s\nendstream" % (dictionary, filters, len(body), body)


def with_broken_page(text: bytes) -> bytes:
    """A page with a text, and the entry of a second one that is a font."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 5 0 R"
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>",
        page + b" /Resources << /Font << /F 4 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        stream(b"BT /F 12 Tf 20 200 Td (" + text + b") Tj ET", packed=False),
    ]
    made, places = b"%PDF-1.5\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(made)
    return made + b"xref\n0 6\n0000000000 65535 f \n" + table + end


SCRIPT = b"<< /S /JavaScript /JS (app.alert(1)) >>"
ESCAPED_SCRIPT = b"<< /S /J#61vaScript /JS (app.alert(1)) >>"
LAUNCH = b"<< /S /Launch /F (cmd.exe) >>"
ATTACHMENT = stream(b"MZ", b"/Type /EmbeddedFile")
OBJECT_STREAM = b"/Type /ObjStm /N 1 /First 4"
IMAGE = b"/Type /XObject /Subtype /Image /Width 9 /Height 9"
