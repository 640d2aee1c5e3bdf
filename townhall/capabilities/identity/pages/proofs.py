"""/identity/proofs/: what someone has proved of who they are."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from townhall.capabilities.identity import forms, operations, queries, records
from townhall.capabilities.identity.pages.proving_words import LEVELS
from townhall.machinery.errors import NotAllowed
from townhall.machinery.http import Request


@require_safe
def proofs(request: Request) -> HttpResponse:
    _require_person(request)
    mine = [_shown(proof) for proof in queries.list_my_proofs(request.actor)]
    context = {"proofs": mine, "attempt": queries.find_my_attempt(request.actor)}
    return render(request, "identity/proving/proofs.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: Request, proof_id: UUID) -> HttpResponse:
    _require_person(request)
    proof = queries.get_my_proof(request.actor, proof_id)
    if request.method == "POST":
        operations.remove_proof(request.actor, proof_id)
        return redirect("identity:proofs")
    return render(request, "identity/proving/remove.html", {"shown": _shown(proof)})


def _require_person(request: Request) -> None:
    if request.actor.person_id is None:
        raise NotAllowed("Nobody is signed in")


def _shown(proof: records.ProvenIdentity) -> dict[str, object]:
    return {
        "proof": proof,
        "name": " ".join(part.value for part in proof.names[0].parts),
        "level": LEVELS[proof.level],
        "kinds": [forms.KINDS[kind] for kind in proof.kinds],
        "address": forms.words_of(proof.addresses[0]) if proof.addresses else "",
    }
