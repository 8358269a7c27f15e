"""`docs/publish-an-offer.md`, command by command, as a reader would follow it."""

from leads import Leads
from page import follow
from server import PROJECT

PAGE = PROJECT / "docs" / "publish-an-offer.md"

# Where the page says that leads go.
ADDRESS = "https://leads.fabrikam.example/fyr"


def test_the_page_leads_from_requirements_to_my_customers(tmp_path, port_443):
    leads = Leads(tmp_path)
    page = PAGE.read_text().replace(ADDRESS, leads.url)
    follow(page, tmp_path, {"SSL_CERT_FILE": str(leads.certificate)})
    sources = [lead["LeadSource"] for lead in leads.taken]
    assert "AzurePortal-Create|fabrikam.night-watch" in sources
    assert any(source.startswith("MSFT_TEST_") for source in sources)
    assert (tmp_path / "difference.txt").read_text(), "what the new version gives is told"
