"""The municipality that an address names, for somebody who may see it."""

from typing import Annotated

from fastapi import Depends, Request

from api.http.parameters import Municipality
from api.http.problems import Problem
from api.http.services import Serving
from domain.casework.access.sight import Sight
from domain.values.refusals.refusal import Refused, refused


async def _seen_municipality(request: Request, municipality: Municipality, serving: Serving) -> str:
    """Its code of today; another's is as one that no list has."""
    sight: Sight = request.state.sight
    try:
        if not sight.sees_municipality(municipality):
            raise refused("unknown-municipality", municipality=municipality)
        return serving.casework.municipalities.current_code(municipality)
    except Refused as refusal:
        raise Problem.of(refusal) from None


SeenMunicipality = Annotated[str, Depends(_seen_municipality)]
"""Checked before anything else in a request."""
