"""/accounts/: signing in, and how one does; allauth's own pages under the names that it knows."""

from allauth.account.views import account_inactive, logout
from allauth.mfa.base.views import trust
from django.urls import path

from townhall.capabilities.identity.pages import devices, sign_in, staff_sign_in, ways_in

urlpatterns = [
    # one page under three names: an account is made where one signs in
    path("sign-in/", sign_in.RequestCode.as_view(), name="account_request_login_code"),
    path("sign-in/", sign_in.RequestCode.as_view(), name="account_login"),
    path("sign-in/", sign_in.RequestCode.as_view(), name="account_signup"),
    path("sign-in/code/", sign_in.ConfirmCode.as_view(), name="account_confirm_login_code"),
    path("sign-in/name/", sign_in.open_account, name="account_name"),
    path("sign-in/passkey/", sign_in.SignInWithPasskey.as_view(), name="mfa_login_webauthn"),
    path("sign-in/password/", sign_in.password, name="account_password"),
    path("sign-in/second-factor/", sign_in.Authenticate.as_view(), name="mfa_authenticate"),
    path("staff/<str:name>/", staff_sign_in.begin, name="staff_sign_in"),
    path("staff/<str:name>/back/", staff_sign_in.come_back, name="staff_sign_in_back"),
    path("sign-in/second-factor/lost/", sign_in.lost, name="account_lost"),
    path("sign-in/trust/", trust, name="mfa_trust"),
    path("stop/<uuid:recovery_id>/", sign_in.stop_recovery, name="account_stop_recovery"),
    path("sign-out/", logout, name="account_logout"),
    path("closed/", account_inactive, name="account_inactive"),
    path("", ways_in.index, name="mfa_index"),
    path("again/", ways_in.again, name="account_again"),
    path("password/", ways_in.choose_password, name="account_choose_password"),
    path("password/remove/", ways_in.remove_password, name="account_remove_password"),
    path("passkeys/add/", ways_in.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/remove/", ways_in.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("second-factor/check/", ways_in.Reauthenticate.as_view(), name="mfa_reauthenticate"),
    path("second-factor/app/", ways_in.ActivateTotp.as_view(), name="mfa_activate_totp"),
    path("second-factor/app/remove/", ways_in.DeactivateTotp.as_view(), name="mfa_deactivate_totp"),
    path(
        "second-factor/recovery-codes/",
        ways_in.RecoveryCodes.as_view(),
        name="mfa_view_recovery_codes",
    ),
    path(
        "second-factor/recovery-codes/new/",
        ways_in.NewRecoveryCodes.as_view(),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "second-factor/recovery-codes/file/",
        ways_in.DownloadRecoveryCodes.as_view(),
        name="mfa_download_recovery_codes",
    ),
    path("devices/", devices.devices, name="account_devices"),
    path("devices/sign-out/", devices.sign_out, name="account_sign_out_device"),
    path("devices/everywhere/", devices.sign_out_everywhere, name="account_sign_out_everywhere"),
]
