"""The page at `/`, for a person who opens the service's address in a browser: what it is, and where to go next.

It is Norwegian, as all that users read, and like the handbook without scripts and without anything fetched.
"""

from html import escape
from typing import Final

from api.described.page import STYLE

_PAGE: Final = """\
<!doctype html>
<html lang="nb"><head><meta charset="utf-8"><title>ALIS: tilskudd som alle kan regne ut på nytt</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<style>{style}</style></head><body>{header}<main>
<h1>ALIS: tilskudd som alle kan regne ut på nytt</h1>
<p>Tjenesten svarer. Den regner ut tilskuddet i Nasjonal ALIS og veiledning, fra det som er registrert om legene, til
måneder og kroner som kan begrunnes, forklares og gjentas, også når noe blir kjent i ettertid.</p>
<h2>Se på dette i nettleseren</h2>
<ul>
<li><a href="{prefix}/overview?round=2026">Oversikten over tilskuddsperioden 2026</a>, kommune for kommune (JSON)</li>
<li><a href="{prefix}/municipalities/1804/rounds/2026/calculation">Beregningen for Bodø i 2026</a>, lege for lege og
måned for måned (JSON)</li>
<li><a href="{prefix}/rule-sets">Regelsettene</a> med satser, kilder og forutsetninger (JSON)</li>
</ul>
<h2>Bruk tjenesten fra et annet program</h2>
<ul>
<li><a href="{prefix}/docs" hreflang="en" lang="en">Handbook: every address, with examples that run</a> (engelsk)</li>
<li><a href="{prefix}/openapi.json">Beskrivelsen for programmer</a> (OpenAPI)</li>
</ul>
<h2>Det som mangler ennå</h2>
<p>Det finnes ingen sider å søke og saksbehandle på ennå. Saksgangen prøves med kommandoen <code>alis</code> i et
terminalvindu. Hvordan, står i README.</p>
</main></body></html>
"""


def start_page(prefix: str, header: str) -> str:
    """The page, under a head that says who has signed in."""
    return _PAGE.format(style=STYLE, prefix=escape(prefix), header=header)
