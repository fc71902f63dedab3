using System.Net;
using System.Text.Json;
using Billing.Contracts;
using Billing.Contracts.Invoicing;
using Billing.Contracts.Payments;

namespace Billing.Collections.Tests;

/// <summary>What the APIs answer for one small set of books.</summary>
public sealed class FiguresTests : IClassFixture<Books>, IAsyncLifetime
{
    private const string Zhang = "1000000001", Li = "1000000002", Shop = "1000000003";
    private readonly Books _books;

    public FiguresTests(Books books) => _books = books;

    /// <summary>
    /// Zhang owes an old heat bill in part; Li has paid and holds advance; the shop's bill is due tomorrow, was
    /// credited in part, and a payment has come for a bill that nobody has heard of yet.
    /// </summary>
    public async Task InitializeAsync()
    {
        var told = new Facts();
        await _books.Forget();
        await _books.Tell(
            new InvoicesIssued([
                told.Invoice("A-1", Zhang, 500_000, "2025-12-31", "2025-11-01", Utility.Heat, "2025-2026"),
                told.Invoice("A-2", Zhang, 10_000, "2026-10-20"),
                told.Invoice("B-1", Li, 20_000, "2026-10-20", project: "金隅园"),
                told.Invoice("C-1", Shop, 70_000, "2026-11-21", @class: CustomerClass.Commercial)]),
            new CreditsIssued([told.Credit("CN-1", "C-1", Shop, 5_000)]),
            new PaymentsReceived([
                told.Payment(Zhang, "2025-12-20", 0, ("A-1", 100_000)),
                told.Payment(Zhang, "2026-03-01", 0, ("A-1", 150_000)),
                told.Payment(Li, "2026-10-18", 3_000, ("B-1", 20_000)),
                told.Payment(Shop, "2026-11-01", 0, ("C-9", 40_000))]),
            new AdvancesRefunded([told.Refund(Li, 1_000)]));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact] public async Task Ageing_puts_open_amounts_into_buckets_from_the_due_date()
    {
        var groups = await Figure("/ageing?by=project&asOf=2026-11-20");

        Keys(groups).Should().Equal("阳光花园");
        Fen(groups[0], "open").Should().Be(250_000 + 10_000 + 65_000);
        Bucket("not-due").Should().Be((65_000, 1));
        Bucket("1-30").Should().Be((0, 0));
        Bucket("31-60").Should().Be((10_000, 1));
        Bucket("181-365").Should().Be((250_000, 1));

        (long, long) Bucket(string name)
        {
            var bucket = groups[0].GetProperty("buckets").EnumerateArray()
                .Single(b => b.GetProperty("name").GetString() == name);
            return (Fen(bucket, "open"), bucket.GetProperty("count").GetInt64());
        }
    }

    [Theory]
    [InlineData("2026-10-20", "not-due")]
    [InlineData("2026-10-21", "1-30")]
    [InlineData("2026-11-19", "1-30")]
    [InlineData("2026-11-20", "31-60")]
    [InlineData("2026-12-19", "31-60")]
    [InlineData("2026-12-20", "61-90")]
    [InlineData("2027-10-20", "181-365")]
    [InlineData("2027-10-21", "over-1-year")]
    [InlineData("2029-10-20", "over-2-years")]
    [InlineData("2029-10-21", "over-3-years")]
    public async Task The_database_ages_as_the_rule_does(string asOf, string bucket)
    {
        await _books.Forget();
        await _books.Tell(new InvoicesIssued([new Facts().Invoice("A-2", Zhang, 10_000, "2026-10-20")]));

        var buckets = (await Figure($"/ageing?asOf={asOf}"))[0].GetProperty("buckets").EnumerateArray();

        buckets.Single(b => Fen(b, "open") != 0).GetProperty("name").GetString().Should().Be(bucket);
        Ageing.BucketOf(Day.Of("2026-10-20"), Day.Of(asOf)).Should().Be(bucket);
    }

    [Fact] public async Task Overdue_accounts_come_in_pages_with_their_oldest_invoice()
    {
        await _books.Tell(new InvoicesIssued([
            new Facts().Invoice("Z-1", Shop, 1, "2026-10-20", project: "金隅园")]));

        var first = await Figure("/overdue?asOf=2026-11-20&limit=1");
        var account = first.GetProperty("accounts")[0];
        account.GetProperty("account").GetString().Should().Be(Zhang);
        Fen(account, "overdue").Should().Be(260_000);
        account.GetProperty("invoices").GetInt64().Should().Be(2);
        account.GetProperty("since").GetString().Should().Be("2025-12-31");
        account.GetProperty("oldest").GetString().Should().Be("A-1");

        var second = await Figure($"/overdue?asOf=2026-11-20&limit=2&after={first.GetProperty("next").GetString()}");
        Accounts(second).Should().Equal(Shop);
        second.GetProperty("next").ValueKind.Should().Be(JsonValueKind.Null);
        Accounts(await Figure("/overdue?asOf=2026-11-20&project=金隅园")).Should().Equal(Shop);

        static IEnumerable<string?> Accounts(JsonElement page) =>
            page.GetProperty("accounts").EnumerateArray().Select(a => a.GetProperty("account").GetString());
    }

    [Fact] public async Task On_the_due_date_itself_nothing_is_overdue()
    {
        var onTheDay = (await Figure("/overdue?asOf=2026-10-20")).GetProperty("accounts")[0];
        Fen(onTheDay, "overdue").Should().Be(250_000);
        Fen(await Figure("/totals?asOf=2026-10-20"), "overdue").Should().Be(250_000);

        var theDayAfter = (await Figure("/overdue?asOf=2026-10-21")).GetProperty("accounts")[0];
        Fen(theDayAfter, "overdue").Should().Be(260_000);
        Fen(await Figure("/totals?asOf=2026-10-21"), "overdue").Should().Be(260_000);
    }

    [Fact] public async Task What_is_due_or_paid_on_new_years_day_belongs_to_the_new_year()
    {
        var told = new Facts();
        await _books.Forget();
        await _books.Tell(
            new InvoicesIssued([
                told.Invoice("X", Zhang, 1_000, "2025-12-31"), told.Invoice("Y", Zhang, 2_000, "2026-01-01")]),
            new PaymentsReceived([
                told.Payment(Zhang, "2025-12-31", 0, ("X", 100), ("Y", 500)),
                told.Payment(Zhang, "2026-01-01", 0, ("X", 200))]));

        var arrears = (await Figure("/arrears?asOf=2026-01-02"))[0];
        Fen(arrears.GetProperty("old"), "overdue").Should().Be(700);
        Fen(arrears.GetProperty("current"), "overdue").Should().Be(1_500);

        var rate = (await Figure("/rates/collection?asOf=2026-06-01")).GetProperty("total");
        (Fen(rate, "receivable"), Fen(rate, "oldReceivable")).Should().Be((2_900, 900));
        (Fen(rate, "collected"), Fen(rate, "oldCollected")).Should().Be(
            (700, 200), "early money is the new year's too");
    }

    [Theory]
    [InlineData("/overdue?limit=0")]
    [InlineData("/overdue?limit=1001")]
    [InlineData("/overdue?after=abc")]
    [InlineData("/ageing?by=colour")]
    [InlineData("/rates/collection?period=2026-13")]
    [InlineData("/arrears?asOf=yesterday")]
    public async Task A_request_that_makes_no_sense_is_refused(string path) =>
        (await _books.Http.GetAsync(path)).StatusCode.Should().Be(HttpStatusCode.BadRequest);

    [Fact] public async Task Arrears_of_earlier_years_stand_apart()
    {
        var groups = await Figure("/arrears?asOf=2026-11-20");

        Keys(groups).Should().Equal("Residential");
        Fen(groups[0].GetProperty("old"), "overdue").Should().Be(250_000);
        groups[0].GetProperty("old").GetProperty("invoices").GetInt64().Should().Be(1);
        Fen(groups[0].GetProperty("current"), "overdue").Should().Be(10_000);
    }

    [Theory, InlineData("2026-01-01", 250_000, 0), InlineData("2025-12-31", 0, 0), InlineData("2027-01-01", 325_000, 0)]
    public async Task Arrears_grow_old_with_the_year(string asOf, long old, long current)
    {
        var groups = await Figure($"/arrears?by=utility&asOf={asOf}");

        groups.EnumerateArray().Sum(group => Fen(group.GetProperty("old"), "overdue")).Should().Be(old);
        groups.EnumerateArray().Sum(group => Fen(group.GetProperty("current"), "overdue")).Should().Be(current);
    }

    [Fact] public async Task The_collection_rate_leaves_out_what_came_in_for_old_debts_before_the_year()
    {
        var rates = await Figure("/rates/collection?by=class&asOf=2026-11-20");

        Keys(rates.GetProperty("groups")).Should().Equal("Commercial", "Residential");
        var residential = rates.GetProperty("groups")[1].GetProperty("rate");
        Fen(residential, "receivable").Should().Be(400_000 + 30_000);
        Fen(residential, "oldReceivable").Should().Be(400_000);
        Fen(residential, "collected").Should().Be(150_000 + 20_000);
        Fen(residential, "oldCollected").Should().Be(150_000);
        residential.GetProperty("percent").GetDecimal().Should().Be(39.5m);
        residential.GetProperty("currentPercent").GetDecimal().Should().Be(66.7m);
        residential.GetProperty("oldPercent").GetDecimal().Should().Be(37.5m);
        Fen(rates.GetProperty("total"), "receivable").Should().Be(430_000 + 65_000);

        var november = await Figure("/rates/collection?by=project&period=2026-09&asOf=2026-11-20");
        Keys(november.GetProperty("groups")).Should().Equal("金隅园", "阳光花园");
        Fen(november.GetProperty("total"), "oldReceivable").Should().Be(0);
    }

    [Fact] public async Task An_account_shows_its_invoices_and_its_advance()
    {
        var zhang = await Figure($"/receivables/{Zhang}?asOf=2026-11-20");
        (Fen(zhang, "open"), Fen(zhang, "overdue"), Fen(zhang, "advance")).Should().Be((260_000, 260_000, 0));
        var oldest = zhang.GetProperty("receivables")[0];
        (Fen(oldest, "amount"), Fen(oldest, "allocated"), Fen(oldest, "open")).Should().Be((500_000, 250_000, 250_000));
        oldest.GetProperty("age").GetString().Should().Be("181-365");

        var li = await Figure($"/receivables/{Li}?asOf=2026-11-20");
        (Fen(li, "open"), Fen(li, "advance")).Should().Be((0, 2_000));
        li.GetProperty("receivables")[0].GetProperty("age").ValueKind.Should().Be(JsonValueKind.Null);
        Fen(await Figure($"/receivables/{Shop}?asOf=2026-11-21"), "overdue").Should().Be(0);
        Fen(await Figure($"/receivables/{Shop}?asOf=2026-11-22"), "overdue").Should().Be(65_000);
    }

    [Fact] public async Task Totals_add_up_and_count_money_ahead_of_its_invoice_apart()
    {
        var totals = await Figure("/totals?asOf=2026-11-20");

        totals.GetProperty("invoices").GetInt64().Should().Be(4);
        Fen(totals, "charges").Should().Be(600_000);
        Fen(totals, "credits").Should().Be(5_000);
        Fen(totals, "allocated").Should().Be(270_000);
        Fen(totals, "open").Should().Be(600_000 - 5_000 - 270_000);
        totals.GetProperty("openInvoices").GetInt64().Should().Be(3);
        Fen(totals, "overdue").Should().Be(260_000);
        Fen(totals, "advance").Should().Be(2_000);
        totals.GetProperty("ahead").GetProperty("invoices").GetInt64().Should().Be(1);
        Fen(totals.GetProperty("ahead"), "allocated").Should().Be(40_000);
    }

    [Fact] public async Task Every_figure_says_what_it_rests_on()
    {
        var answer = await _books.Get("/totals?asOf=2026-11-20");

        answer.GetProperty("asOf").GetString().Should().Be("2026-11-20");
        answer.GetProperty("position").GetProperty("invoicing").GetProperty("sequence").GetInt64().Should().Be(5);
        answer.GetProperty("position").GetProperty("payments").GetProperty("sequence").GetInt64().Should().Be(10);
        var position = await _books.Get("/figures/position");
        position.GetRawText().Should().Be(answer.GetProperty("position").GetRawText());
    }

    private async Task<JsonElement> Figure(string path) => (await _books.Get(path)).GetProperty("figure");

    private static long Fen(JsonElement of, string name) => of.GetProperty(name).GetProperty("fen").GetInt64();

    private static IEnumerable<string?> Keys(JsonElement groups) =>
        groups.EnumerateArray().Select(group => group.GetProperty("key").GetString());
}
