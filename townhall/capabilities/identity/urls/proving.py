"""Where people prove who they are, and staff help them to; part of identity's addresses."""

from django.urls import path

from townhall.capabilities.identity.pages import counter, proofs, proving

PROVING = [
    path("prove/", proving.prove, name="prove"),
    path("prove/go-on/", proving.go_on, name="prove_go_on"),
    path("prove/evidence/", proving.evidence, name="prove_evidence"),
    path("prove/name/", proving.name, name="prove_name"),
    path("prove/documents/<slug:kind>/", proving.document, name="prove_document"),
    path("prove/documents/<slug:kind>/photo/", proving.photo, name="prove_photo"),
    path("prove/address/", proving.address, name="prove_address"),
    path("prove/address/before/", proving.address_before, name="prove_address_before"),
    path("prove/check/", proving.check, name="prove_check"),
    path("prove/waiting/", proving.waiting, name="prove_waiting"),
    path("prove/questions/<int:number>/", proving.question, name="prove_question"),
    path("prove/in-person/", proving.in_person, name="prove_in_person"),
    path("prove/stop/", proving.stop, name="prove_stop"),
    path("prove/sandbox-people/", proving.sandbox_people, name="sandbox_people"),
    path("prove/<uuid:attempt_id>/", proving.result, name="proving_result"),
    path("proofs/", proofs.proofs, name="proofs"),
    path("proofs/<uuid:proof_id>/remove/", proofs.remove, name="remove_proof"),
    path("counter/", counter.counter, name="counter"),
    path("counter/<uuid:attempt_id>/", counter.visitor, name="visitor"),
    path("counter/<uuid:attempt_id>/check/", counter.check_visitor, name="check_visitor"),
    path("signals/", counter.signals, name="signals"),
    path("signals/<uuid:signal_id>/", counter.signal, name="signal"),
]
