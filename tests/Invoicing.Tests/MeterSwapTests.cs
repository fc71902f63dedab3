using static Billing.Invoicing.Tests.Facts;

namespace Billing.Invoicing.Tests;

/// <summary>A meter is exchanged in a month, and Customer tells of it before or after its last reading.</summary>
public sealed class MeterSwapTests(InvoicingService invoicing) : IClassFixture<InvoicingService>, IAsyncLifetime
{
    private static readonly string[] NewMeter =
        [$"{No(1)},M2,2025-10-20,initial,0,,", $"{No(1)},M2,2025-10-31,regular,140,,"];

    private static readonly string Start = $"{No(1)},M1,2025-09-30,initial,1000,,";
    private static readonly string Final = $"{No(1)},M1,2025-10-20,final,1100,,";

    private const string Run = "2025-10-electricity";

    public Task InitializeAsync() => invoicing.Forget();

    public Task DisposeAsync() => Task.CompletedTask;

    private static Contracts.Customer.AccountChanged Swapped => Account(
        1, meters: [Single("M2")], version: 2, since: "2025-10-20");

    [Fact]
    public async Task A_swap_told_before_the_final_reading_leaves_nothing_out()
    {
        await invoicing.Accounts([Account(1)]);
        await Taken(Start);
        await invoicing.Accounts([Swapped]);
        await Taken(NewMeter);

        await invoicing.Drafted(Run);
        (await Exceptions()).Should().Equal(("meter-not-closed", null));

        await Taken(Final);
        (await invoicing.Post($"/runs/{Run}/redraft")).EnsureSuccessStatusCode();
        await invoicing.Until(Run, "drafted");
        await AllBilled();
    }

    [Fact]
    public async Task A_swap_told_after_the_final_reading_leaves_nothing_out()
    {
        await invoicing.Accounts([Account(1)]);
        await Taken(Start, Final);
        (await invoicing.Import(NewMeter)).Texts("refused", "code").Should().Equal("meter-unknown", "meter-unknown");
        await invoicing.Accounts([Swapped]);
        await Taken(NewMeter);
        await invoicing.Drafted(Run);
        await AllBilled();
    }

    [Fact]
    public async Task A_swap_known_before_its_opening_leaves_nothing_out()
    {
        await invoicing.Accounts([Swapped]);
        await invoicing.Accounts([Account(1)]);
        await Taken([Start, .. NewMeter, Final]);
        await invoicing.Drafted(Run);
        await AllBilled();
    }

    [Fact]
    public async Task A_new_meter_without_its_first_reading_holds_the_bill()
    {
        await invoicing.Accounts([Account(1), Swapped]);
        await Taken(Start, Final);
        await invoicing.Drafted(Run);
        (await Exceptions()).Should().Equal(("meter-not-started", null));
    }

    /// <summary>What was never closed is never forgotten: the months after the swap wait for it, too.</summary>
    [Fact]
    public async Task A_meter_that_was_not_closed_holds_the_months_after_it()
    {
        await invoicing.Accounts([Account(1), Swapped]);
        await Taken([Start, .. NewMeter, $"{No(1)},M2,2025-11-30,regular,240,,"]);
        await invoicing.Drafted(Run, "2025-11");
        (await Exceptions()).Should().Equal(("meter-not-closed", null));
    }

    /// <summary>1,200 when the meter came, 14,100 a month later: a person confirms it, or it is not billed.</summary>
    [Fact]
    public async Task An_absurd_first_reading_is_held_until_somebody_confirms_it()
    {
        await invoicing.Accounts([Account(1)]);
        await Taken($"{No(1)},M1,2025-09-30,initial,1200,,", $"{No(1)},M1,2025-10-31,regular,14100,,");
        await invoicing.Drafted(Run);
        var fen = (await invoicing.Get($"/runs/{Run}")).Fen("drafting", "amount");
        (await Exceptions()).Should().Equal(("usage-high", fen));

        (await invoicing.Review(Run, 1, "Release")).EnsureSuccessStatusCode();
        await invoicing.Posted(Run);
        (await invoicing.Books()).Should().Be((1L, fen));
    }

    private async Task Taken(params string[] lines)
    {
        var answer = await invoicing.Import(lines);
        answer.Texts("refused", "code").Should().BeEmpty();
        answer.GetProperty("accepted").GetInt32().Should().Be(lines.Length);
    }

    /// <summary>100 kWh of the old meter and 140 of the new one, at the price of the first tier.</summary>
    private async Task AllBilled()
    {
        (await Exceptions()).Should().BeEmpty();
        await invoicing.Posted(Run);
        (await invoicing.Books()).Should().Be((1L, 117_19L));
    }

    private async Task<List<(string Code, long? Fen)>> Exceptions() => await invoicing.Query<(string, long?)>(
        $"select code, amount_fen from run_exception where run = '{Run}' and state = 'open'");
}
