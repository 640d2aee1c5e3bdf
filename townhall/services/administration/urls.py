from django.urls import path

from townhall.services.administration.pages import settings, work

app_name = "administration"
urlpatterns = [
    path("", settings.index, name="index"),
    path("settings/", settings.owners, name="settings"),
    path("settings/<slug:owner>/", settings.owner, name="owner"),
    path("settings/<slug:owner>/<slug:name>/", settings.dial, name="dial"),
    path("settings/<slug:owner>/<slug:name>/default/", settings.reset, name="reset"),
    path("work/", work.tasks, name="work"),
    path("work/retry/", work.retry_all, name="retry_all"),
    path("work/<int:task_id>/retry/", work.retry_one, name="retry_task"),
    path("work/deliveries/", work.deliveries, name="deliveries"),
    path("work/deliveries/<int:delivery_id>/retry/", work.redeliver, name="retry_delivery"),
]
