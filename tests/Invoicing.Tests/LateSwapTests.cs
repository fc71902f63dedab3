using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Billing.Contracts.Customer;
using static Billing.Invoicing.Tests.Facts;

namespace Billing.Invoicing.Tests;

/// <summary>
/// An exchange, a change or a slip is told after later readings were taken: nothing is billed twice without an
/// exception, and what the exception advises can be done.
/// </summary>
public sealed partial class LateSwapTests(InvoicingService invoicing) : IClassFixture<InvoicingService>, IAsyncLifetime
{
    private const string Run = "late", Next = "late-again";
    private int _withdrawals, _versions = 1;

    public Task InitializeAsync() => invoicing.Forget();

    public Task DisposeAsync() => Task.CompletedTask;

    private Task Told(string since, params Meter[] meters) =>
        invoicing.Accounts([Account(1, version: ++_versions, since: since, meters: meters)]);

    /// <summary>M1 is read at the ends of August to October: 1,000, 1,100 and 1,200.</summary>
    private async Task ReadUntilOctober()
    {
        await invoicing.Accounts([Account(1)]);
        await Taken(
            "M1,2025-09-01,initial,1000", "M1,2025-10-01,regular,1100", "M1,2025-11-01,regular,1200");
    }

    [Fact]
    public async Task A_swap_told_after_a_later_reading_of_the_old_meter_bills_no_day_twice()
    {
        await ReadUntilOctober();
        await Told("2025-10-05", Single("N1"));
        await Taken("N1,2025-10-05,initial,0", "N1,2025-11-01,regular,88");
        await invoicing.Drafted(Run);
        (await Exceptions(Run)).Should().Equal(("meter-read-after-removal", null));
        (await Message(Run)).Should().Contain("M1 was taken down on 2025-10-05").And.Contain("reading of 2025-11-01");

        await Withdrawn("M1", "2025-11-01");
        await Taken("M1,2025-10-05,final,1110");
        await Redrafted(Run);
        (await Exceptions(Run)).Should().BeEmpty();
        await invoicing.Posted(Run);
        (await Billed()).Should().Equal((10L, "M1"), (88L, "N1"));
    }

    /// <summary>The reviewer's way: a final reading a month after the meter went, which counts nothing.</summary>
    [Fact]
    public async Task A_final_reading_after_the_one_that_cannot_be_does_not_hide_it()
    {
        await ReadUntilOctober();
        await Told("2025-10-05", Single("N1"));
        await Taken("N1,2025-10-05,initial,0", "N1,2025-11-01,regular,88", "M1,2025-11-02,final,1200");
        await invoicing.Drafted(Run);
        (await Exceptions(Run)).Should().Equal(("meter-read-after-removal", null));

        (await Withdraw("M1", "2025-11-01")).Code.Should().Be("reading-not-last");
        await Withdrawn("M1", "2025-11-02");
        await Withdrawn("M1", "2025-11-01");
        await Taken("M1,2025-10-05,final,1110");
        await Redrafted(Run);
        await invoicing.Posted(Run);
        (await Billed()).Should().Equal((10L, "M1"), (88L, "N1"));
    }

    [Fact]
    public async Task What_the_old_meter_was_billed_for_after_it_went_is_not_billed_again_by_the_new_one()
    {
        await ReadUntilOctober();
        await invoicing.Drafted(Run);
        await invoicing.Posted(Run);
        await Told("2025-10-05", Single("N1"));
        await Taken("N1,2025-10-05,initial,0", "N1,2025-11-01,regular,88", "N1,2025-12-01,regular,200");
        await invoicing.Drafted(Next, "2025-11");
        (await Exceptions(Next)).Should().Equal(("meter-not-closed", null));
        await Taken("M1,2025-11-02,final,1200");
        await Redrafted(Next);
        var held = (await Exceptions(Next)).Single();
        (held.Code, held.Fen).Should()
            .Be(("meter-days-read-twice", 97_66L), "a person may know better, and release it");
        (await Message(Next)).Should()
            .Contain("From 2025-10-05 to 2025-11-01 meters M1 and N1 were both read, although M1 did not hang");

        await Withdrawn("M1", "2025-11-02");
        (await Withdraw("M1", "2025-11-01")).Should().Be((HttpStatusCode.Conflict, "reading-billed"));
        await Credited("E202510-00000001", 48_83);
        await Withdrawn("M1", "2025-11-01");
        (await (await invoicing.Http.PostAsJsonAsync(
            $"/accounts/{No(1)}/quotes", new { utility = "Electricity", period = "2025-11" })).Code())
            .Should().Be("quote-usage-unknown");
        await Taken("M1,2025-10-05,final,1110");
        await Redrafted(Next);
        (await Exceptions(Next)).Should().BeEmpty();
        await invoicing.Posted(Next);
        (await Billed("E202511-00000001")).Should().Equal((10L, "M1"), (88L, "N1"), (112L, "N1"));
        (await invoicing.Get("/invoices/E202510-00000001/explain")).Texts("readings", "total").Should()
            .Equal(["1100", "1200"], "an invoice keeps what it rested on");
    }

    [Fact]
    public async Task Or_the_new_meter_begins_where_the_bill_of_the_old_one_ends()
    {
        await ReadUntilOctober();
        await invoicing.Drafted(Run);
        await invoicing.Posted(Run);
        await Told("2025-10-05", Single("N1"));
        await Taken("N1,2025-10-05,initial,0", "N1,2025-12-01,regular,200", "M1,2025-11-02,final,1200");
        await invoicing.Drafted(Next, "2025-11");
        (await Exceptions(Next)).Select(held => held.Code).Should().Equal("meter-days-read-twice");
        await Withdrawn("N1", "2025-12-01");
        await Withdrawn("N1", "2025-10-05");
        await Taken("N1,2025-11-01,initial,88", "N1,2025-12-01,regular,200");
        await Redrafted(Next);
        (await Exceptions(Next)).Should().BeEmpty();
    }

    [Theory, InlineData("2025-10-01"), InlineData("2025-09-15")]
    public async Task A_swap_of_an_earlier_month_told_late_can_be_closed(string day)
    {
        await ReadUntilOctober();
        await Told(day, Single("N1"));
        await Taken($"N1,{day},initial,0", "N1,2025-11-01,regular,98");
        await invoicing.Drafted(Run);
        (await Exceptions(Run)).Should().Equal(("meter-read-after-removal", null));
        await Withdrawn("M1", "2025-11-01");
        await Redrafted(Run);
        if (day == "2025-09-15")
        {
            (await Exceptions(Run)).Should().Equal(("meter-not-closed", null));
            (await Message(Run)).Should().Contain("first withdraw the later one of 2025-10-01");
            await Withdrawn("M1", "2025-10-01");
            await Taken("M1,2025-09-15,final,1050");
            await Redrafted(Run);
        }
        (await Exceptions(Run)).Should().BeEmpty();
    }

    [Fact]
    public async Task A_multiplier_told_after_a_later_reading_can_be_put_right()
    {
        await ReadUntilOctober();
        await Told("2025-10-15", Single("M1", 10m));
        await invoicing.Drafted(Run);
        (await Exceptions(Run)).Should().Equal(("meter-change-unread", null));
        (await Message(Run)).Should().Contain("M1 was changed on 2025-10-15");
        await Withdrawn("M1", "2025-11-01");
        await Taken("M1,2025-10-15,regular,1150", "M1,2025-11-01,regular,1155");
        await Redrafted(Run);
        (await Exceptions(Run)).Should().BeEmpty();
        await invoicing.Posted(Run);
        (await Billed()).Should().Equal((50L, "M1"), (50L, "M1"));
    }

    /// <summary>SM1O for SM10, and corrected digits: on the wall nothing happened.</summary>
    [Theory, InlineData(true), InlineData(false)]
    public async Task A_slip_of_the_pen_needs_no_reading(bool number)
    {
        await ReadUntilOctober();
        await Told("2025-10-20", number ? Single("MI") : Single(digits: 5));
        await Told("2025-10-20", number ? Single() : Single(digits: 5));
        await invoicing.Drafted(Run);
        (await Exceptions(Run)).Should().BeEmpty();
        await Taken("M1,2025-12-01,regular,1300");
    }

    [Fact]
    public async Task Readings_of_a_meter_that_never_hung_there_are_not_billed_beside_those_of_the_true_one()
    {
        await invoicing.Accounts([Account(1, meters: [Single("MI")])]);
        await Taken("MI,2025-10-01,initial,1000", "MI,2025-11-01,regular,1100");
        await Told("2019-01-01", Single());
        await Taken("M1,2025-10-01,initial,1000", "M1,2025-11-01,regular,1100");
        await invoicing.Drafted(Run);
        (await Exceptions(Run)).Select(held => held.Code).Should().Equal("meter-days-read-twice");
        await Withdrawn("MI", "2025-11-01");
        await Redrafted(Run);
        (await Exceptions(Run)).Should().BeEmpty();
        await invoicing.Posted(Run);
        (await Billed()).Should().Equal((100L, "M1"));
    }

    [Fact]
    public async Task A_draft_that_rested_on_a_withdrawn_reading_is_outdated()
    {
        await ReadUntilOctober();
        await invoicing.Accounts([Account(2)]);
        await invoicing.Import(InvoicingService.OctoberOf(2, 240m));
        await invoicing.Drafted(Run);
        await Withdrawn("M1", "2025-11-01");
        var begun = await (await invoicing.Post($"/runs/{Run}/post")).Proposal();
        begun.After("outdated").Should().Be("1");
        await invoicing.Until(Run, "posted");
        (await Exceptions(Run)).Select(held => held.Code).Should().Equal("draft-outdated");
        (await Message(Run)).Should().Contain("another run of the period bills the account");

        await Taken("M1,2025-11-01,regular,1150");
        await invoicing.Drafted(Next);
        await invoicing.Posted(Next);
        (await Billed("E202510-00000002")).Should().Equal((50L, "M1"));
    }

    [Fact]
    public async Task A_withdrawn_reading_counts_nowhere_and_its_row_follows_from_the_events()
    {
        await ReadUntilOctober();
        await Withdrawn("M1", "2025-11-01");
        await RebuiltAlike();
        (await YearToDate("2025-11")).Should().Be(100m);
        await Taken("M1,2025-11-01,regular,1150", "M1,2025-12-01,regular,1250");
        await RebuiltAlike();
        (await YearToDate("2025-11")).Should().Be(150m);
        (await YearToDate("2025-12")).Should().Be(250m);
        (await invoicing.Query<(DateTime, decimal, bool)>(
            "select read_on::timestamp, total, withdrawn from reading order by 1"))
            .Select(row => (row.Item2, row.Item3)).Should()
            .Equal((1_000m, false), (1_100m, false), (1_150m, false), (1_250m, false));
    }

    [Fact]
    public async Task A_withdrawal_is_recorded_with_who_and_why_and_repeated_without_effect()
    {
        await ReadUntilOctober();
        (await Send("W1", "M1", "2025-11-01", "抄错表号")).Should().Be((HttpStatusCode.Created, ""));
        (await Send("W1", "M1", "2025-11-01", "抄错表号")).Should().Be((HttpStatusCode.OK, ""));
        await Taken("M1,2025-11-01,regular,1150");
        (await Send("W1", "M1", "2025-11-01", "抄错表号")).Should().Be((HttpStatusCode.OK, ""));
        (await Send("W1", "M1", "2025-10-01", "抄错表号")).Should()
            .Be((HttpStatusCode.Conflict, "reading-withdrawal-taken"));
        (await Send("W2", "M9", "2025-11-01", "抄错表号")).Should().Be((HttpStatusCode.NotFound, "reading-unknown"));
        (await invoicing.Events.All<ReadingWithdrawn>()).Select(e => (e.By, e.Reason))
            .Should().Equal(("user:zhang", "抄错表号"));
        (await invoicing.Scalar<decimal>("select total from reading where read_on = '2025-11-01'")).Should().Be(1_150m);
    }

    [Fact]
    public async Task What_is_being_posted_is_not_withdrawn()
    {
        await ReadUntilOctober();
        await invoicing.Drafted(Run);
        await invoicing.Execute($"update run set state = 'posting' where run = '{Run}'");
        (await Withdraw("M1", "2025-11-01")).Should().Be((HttpStatusCode.Conflict, "reading-period-being-posted"));
    }

    [Fact]
    public async Task Whoever_has_no_right_to_it_withdraws_nothing()
    {
        await ReadUntilOctober();
        (await Send("W1", "M1", "2025-11-01", "抄错表号", TestTokens.For("zhang", Right.AcceptReading))).Should()
            .Be((HttpStatusCode.Forbidden, "right-missing"));
        (await invoicing.Scalar<bool>("select bool_or(withdrawn) from reading")).Should().BeFalse();
    }
}
