"""Below /identity/: who may do what, acting for others, and keys of programs."""

from django.urls import path

from townhall.capabilities.identity.pages import delegations, program_keys, reviews, rights

urlpatterns = [
    path("people/<uuid:person_id>/roles/", rights.grant, name="grant"),
    path("people/<uuid:person_id>/rights/", rights.of_person, name="rights_of"),
    path("grants/<int:grant_id>/end/", rights.end, name="end_grant"),
    path("rights/", rights.who_may, name="who_may"),
    path("roles/<uuid:role_id>/missing/", rights.add_missing, name="add_missing"),
    path("reviews/", reviews.reviews, name="reviews"),
    path("reviews/<uuid:review_id>/", reviews.review, name="review"),
    path("reviews/roles/<uuid:reviewed_id>/", reviews.decide, name="decide"),
    path("keys/", program_keys.keys, name="keys"),
    path("keys/make/", program_keys.make, name="make_key"),
    path("keys/<uuid:key_id>/renew/", program_keys.renew, name="renew_key"),
    path("keys/<uuid:key_id>/revoke/", program_keys.revoke, name="revoke_key"),
    path("acting/", delegations.delegations, name="delegations"),
    path("acting/ask/", delegations.ask_someone, name="ask_someone"),
    path("acting/stop/", delegations.stop, name="stop_acting"),
    path("acting/over/", delegations.over, name="acting_over"),
    path("acting/<uuid:delegation_id>/accept/", delegations.accept, name="accept_delegation"),
    path("acting/<uuid:delegation_id>/end/", delegations.end, name="end_delegation"),
    path("acting/<uuid:delegation_id>/begin/", delegations.begin, name="begin_acting"),
]
