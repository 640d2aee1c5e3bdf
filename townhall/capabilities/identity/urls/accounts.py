"""/accounts/: the pages of allauth that are used, under the names that allauth knows them by."""

from allauth.account.views import account_inactive, logout
from allauth.mfa.base.views import index
from allauth.mfa.recovery_codes.views import download_recovery_codes
from django.urls import path

from townhall.capabilities.identity.pages import sign_in, staff_sign_in

urlpatterns = [
    # one page under three names, because allauth links to a sign-up page that is not there
    path("sign-in/", sign_in.RequestCode.as_view(), name="account_request_login_code"),
    path("sign-in/", sign_in.RequestCode.as_view(), name="account_login"),
    path("sign-in/", sign_in.RequestCode.as_view(), name="account_signup"),
    path("sign-in/code/", sign_in.ConfirmCode.as_view(), name="account_confirm_login_code"),
    path("sign-in/second-factor/", sign_in.Authenticate.as_view(), name="mfa_authenticate"),
    path("staff/<str:name>/", staff_sign_in.begin, name="staff_sign_in"),
    path("staff/<str:name>/back/", staff_sign_in.come_back, name="staff_sign_in_back"),
    path("sign-out/", logout, name="account_logout"),
    path("closed/", account_inactive, name="account_inactive"),
    path("second-factor/", index, name="mfa_index"),
    path("second-factor/check/", sign_in.Reauthenticate.as_view(), name="mfa_reauthenticate"),
    path("second-factor/app/", sign_in.ActivateTotp.as_view(), name="mfa_add_webauthn"),
    path("second-factor/app/", sign_in.ActivateTotp.as_view(), name="mfa_activate_totp"),
    path("second-factor/app/remove/", sign_in.DeactivateTotp.as_view(), name="mfa_deactivate_totp"),
    path(
        "second-factor/recovery-codes/",
        sign_in.RecoveryCodes.as_view(),
        name="mfa_view_recovery_codes",
    ),
    path(
        "second-factor/recovery-codes/new/",
        sign_in.NewRecoveryCodes.as_view(),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "second-factor/recovery-codes/file/",
        download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
]
