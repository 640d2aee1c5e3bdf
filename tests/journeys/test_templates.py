"""Staff write templates in a real browser: what they type is shown as people would see it."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.conftest import Visitor

Arrive = Callable[..., Visitor]


def test_a_template_is_seen_while_it_is_written_and_kept_in_a_folder(visitor: Arrive) -> None:
    staff = visitor(width=320)
    staff.be("administrator")
    staff.page.goto(f"{staff.town.url}/notify/templates/new/letter/")
    shown = staff.page.locator("#preview")
    expect(shown).to_contain_text("What you write is shown here")
    staff.page.fill("[name=body_en]", "Dear ((name))")
    expect(shown.get_by_alt_text("Page 1 of 1 of the letter")).to_be_visible()

    staff.page.goto(f"{staff.town.url}/notify/folders/new/")
    staff.fill("What is the folder called?", "Bins")
    staff.press("Make the folder")
    folder_id = staff.page.url.split("/")[-2]
    staff.page.goto(f"{staff.town.url}/notify/templates/new/sms/?folder={folder_id}")
    staff.fill("Title", "Bin day")
    staff.page.fill("[name=body_en]", "Hello ((name))")
    expect(shown.locator(".town-text mark")).to_have_text("((name))")
    staff.page.locator("[name=body_en]").press_sequentially(" ŵ" + "x" * 60)
    expect(shown).to_contain_text("Charged as 2 text messages")
    staff.look()
    staff.page.get_by_role("button", name="Save").click()

    expect(staff.page.get_by_role("navigation", name="Breadcrumb")).to_contain_text("Bins")
    template = staff.page.url
    staff.page.goto(f"{template}edit/")
    staff.page.fill("[name=body_en]", "Hello ((full name))")
    staff.page.get_by_role("button", name="Save").click()
    staff.go(f"{template}versions/2/")
    expect(staff.page.locator("ins").first).to_contain_text("full")
