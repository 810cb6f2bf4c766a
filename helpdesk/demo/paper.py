"""Papers of the demonstration: a page with one line of text, made anew where it is needed."""

from __future__ import annotations

import hashlib
import io

from helpdesk.files.uploads import CheckedFile

_PDF = b"""%%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj
4 0 obj<</Length %d>>stream
%s
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
%%%%EOF
"""


def paper(name: str, line: str) -> CheckedFile:
    """Write a PDF of one page that says `line`, in letters of Latin 1."""
    text = b"BT /F 18 Tf 30 120 Td (%s) Tj ET" % line.encode("latin-1", "replace")
    content = _PDF % (len(text), text)
    return CheckedFile(name, "application/pdf", len(content), hashlib.sha256(content).hexdigest(), io.BytesIO(content))
