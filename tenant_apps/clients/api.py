from django.http import HttpRequest
from django.utils.translation import get_language
from ninja import Router, Status

from shared_apps.core.auth import Open
from shared_apps.core.http import problems
from shared_apps.core.ratelimit import count, count_everywhere
from shared_apps.core.requests import actor_of, network_of
from tenant_apps.clients import proofs, schemas
from tenant_apps.clients.services import checked_email

router = Router(tags=["clients"])
GUEST = "a guest proves an e-mail address before booking"


@router.post(
    "/contact-codes",
    operation_id="requestContactCode",
    auth=Open(GUEST),
    response={202: schemas.CodeSent, **problems(422, 429)},
)
def request_contact_code(
    request: HttpRequest, payload: schemas.CodeRequest
) -> Status[schemas.CodeSent]:
    """Send a six-digit code to an e-mail address. Answers alike whether it is known or not."""
    email = checked_email(payload.email)
    count("contact_code", "network", network_of(request))
    count("contact_code", "address", email)
    count_everywhere("letter", email)
    proofs.request_code(email=email, language=get_language() or "", actor=actor_of(request))
    return Status(202, schemas.CodeSent(expires_in=int(proofs.CODE_LIVES.total_seconds())))


@router.post(
    "/contact-proofs",
    operation_id="proveContact",
    auth=Open(GUEST),
    response={200: schemas.Proof, **problems(422, 429)},
)
def prove_contact(request: HttpRequest, payload: schemas.CodeAnswer) -> schemas.Proof:
    """Exchange the code for a proof, with which a booking joins the client's existing card."""
    count("contact_proof", network_of(request))
    proof = proofs.prove_contact(
        email=checked_email(payload.email), code=payload.code, actor=actor_of(request)
    )
    return schemas.Proof(proof=proof, expires_in=int(proofs.PROOF_LIVES.total_seconds()))
