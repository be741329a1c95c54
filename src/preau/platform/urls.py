"""The addresses of the house, from the rooms' route tables."""

from preau.platform.house import house_urlpatterns

urlpatterns = house_urlpatterns()

handler400 = "preau.ui.errors.bad_request"
handler403 = "preau.ui.errors.permission_denied"
handler404 = "preau.ui.errors.page_not_found"
handler500 = "preau.ui.errors.server_error"
