using Billing.Contracts.Customer;
using static Billing.Invoicing.Tests.Facts;

namespace Billing.Invoicing.Tests;

/// <summary>What a run reads of its accounts, from the messages and readings that brought it.</summary>
public sealed class BillingBasisTests(InvoicingService invoicing) : IClassFixture<InvoicingService>, IAsyncLifetime
{
    private static readonly BillingPeriod March = BillingPeriod.Parse("2025-03");

    public Task InitializeAsync() => invoicing.Forget();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task The_year_before_the_period_is_known_over_an_exchange_of_the_meter()
    {
        await invoicing.Accounts([Account(1, meters: [Single("M1"), Single("N1")]), Account(2), Account(3)]);
        (await invoicing.Import(
            $"{No(1)},M1,2024-11-30,initial,0,,", $"{No(1)},M1,2024-12-31,regular,1000,,",
            $"{No(1)},M1,2025-01-31,regular,1100,,", $"{No(1)},M1,2025-02-10,final,1130,,",
            $"{No(1)},N1,2025-02-10,initial,0,,", $"{No(1)},N1,2025-02-28,regular,50,,",
            $"{No(1)},N1,2025-03-31,regular,170,,",
            $"{No(3)},M3,2025-02-28,initial,0,,", $"{No(3)},M3,2025-03-31,regular,170,,"))
            .GetProperty("refusedTotal").GetInt32().Should().Be(0);

        (await Read(Utility.Electricity, March, true)).Select(basis => basis.YearToDateKwh)
            .Should().Equal([180m, 0m, 0m], "1,000 kWh were of the year before, and 120 are of this month");
        (await Read(Utility.Electricity, BillingPeriod.Parse("2025-01"), true))[0].YearToDateKwh.Should().Be(0m);
        (await Read(Utility.Electricity, BillingPeriod.Parse("2025-04"), true)).Select(basis => basis.YearToDateKwh)
            .Should().Equal(300m, 0m, 170m);
    }

    [Fact]
    public async Task The_year_is_not_looked_for_when_no_plan_asks()
    {
        await invoicing.Accounts([Account(1, heatPlan: BeijingHeat)]);
        (await Read(Utility.Electricity, March, false)).Single().YearToDateKwh.Should().BeNull();
        (await Read(Utility.Heat, Winter, true)).Single().YearToDateKwh.Should().BeNull();
    }

    [Fact]
    public async Task Heat_knows_its_height_and_use_and_electricity_does_not()
    {
        var ordinary = Account(2, heatPlan: BeijingHeat);
        var high = Account(1, heatPlan: BeijingHeat);
        high = high with { Heat = high.Heat! with { StoreyHeightM = 4.2m, UseClass = "学校" } };
        await invoicing.Accounts([high, ordinary]);

        (await Read(Utility.Heat, Winter, false)).Select(basis => (basis.HeightM, basis.UseClass))
            .Should().Equal((4.2m, "学校"), (null, "住宅"));
        (await Read(Utility.Electricity, March, false)).Select(basis => (basis.HeightM, basis.UseClass))
            .Should().Equal((null, null), (null, null));

        var later = Account(1, heatPlan: BeijingHeat, version: 2);
        await invoicing.Accounts([later with { Heat = later.Heat! with { StoreyHeightM = null } }]);
        (await Read(Utility.Heat, Winter, false))[0].HeightM.Should().BeNull("the newest picture is true");
    }

    [Fact]
    public async Task A_database_from_before_gets_the_new_columns_and_keeps_its_rows()
    {
        await using var source = Platform.Database.Source(
            await Backend.NewDatabase(typeof(Program).Assembly), "test");
        await using var old = source.CreateCommand("""
            drop table schema_version;
            alter table account_supply drop column storey_height_m, drop column use_class;
            insert into account_supply values ('1000000001', 1, 'Residential', '海淀区', '小区1', '2019-01-01')
            """);
        await old.ExecuteNonQueryAsync();
        await new Platform.Schema(source, typeof(Program).Assembly).Migrate();
        await using var rows = source.CreateCommand("select count(*) from account_supply where use_class is null");
        (await rows.ExecuteScalarAsync()).Should().Be(1L);
    }

    [Fact]
    public void Facts_reach_the_plan_as_they_are_known()
    {
        var supply = RatingFacts.Supply(CustomerClass.Public, Day("2025-07-09"), 120m, 4.2m, "学校");
        (supply.Class, supply.QuotaSince, supply.AreaM2, supply.HeightM, supply.UseClass)
            .Should().Be((CustomerClass.Public, Day("2025-07-09"), 120m, 4.2m, "学校"));
        var metered = new Metered();
        metered.Add(100, 40, 20, 1);
        metered.Add(50, 20, 10, 2);
        var usage = RatingFacts.Electricity(March.Month, metered, new(700m, new(new(2), new(1)), false));
        (usage.TotalKwh, usage.PeakKwh, usage.ValleyKwh, usage.Months, usage.YearToDateKwh)
            .Should().Be((150m, 60m, 30m, 2, 700m));
        (usage.YearToDateCharges, usage.YearToDateNet).Should().Be((new Money(2), new Money(1)));
        metered.Add(50, null, null, 1);
        RatingFacts.Electricity(March.Month, metered, default).PeakKwh.Should().BeNull("one meter has no registers");
    }

    private async Task<List<BillingBasis>> Read(Utility utility, BillingPeriod period, bool yearToDate)
    {
        await using var connection = await invoicing.Running.Source.OpenConnectionAsync();
        string[] accounts = [.. Enumerable.Range(1, 3).Select(number => No(number).Value)];
        return await BillingBasis.Read(connection, accounts, utility, period, yearToDate, default);
    }
}
