"""The OpenID provider's addresses, at the root of the site, as GOV.UK One Login has them."""

from django.urls import path

from townhall.capabilities.identity.api import browsers, documents, tokens

urlpatterns = [
    path(".well-known/openid-configuration", documents.configuration, name="openid_configuration"),
    path(".well-known/jwks.json", documents.keys, name="openid_keys"),
    path(".well-known/did.json", documents.did, name="openid_did"),
    path("trustmark", documents.trustmark, name="openid_trustmark"),
    path("authorize", browsers.authorize, name="openid_authorize"),
    path("token", tokens.token, name="openid_token"),
    path("userinfo", tokens.userinfo, name="openid_userinfo"),
    path("logout", browsers.logout, name="openid_logout"),
]
