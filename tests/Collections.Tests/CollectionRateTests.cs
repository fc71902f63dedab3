using System.Globalization;
using System.Text.Json;
using Billing.Contracts;
using Billing.Contracts.Api;

namespace Billing.Collections.Tests;

public sealed class CollectionRateTests
{
    public static TheoryData<string> Vectors
    {
        get
        {
            using var vectors = JsonDocument.Parse(File.ReadAllText("vectors.json"));
            return [.. vectors.RootElement.EnumerateArray()
                .Where(vector => vector.GetProperty("area").GetString() == "kpi.collection")
                .Select(vector => vector.GetRawText())];
        }
    }

    [Theory, MemberData(nameof(Vectors))] public void The_worked_examples_of_the_domain(string vector)
    {
        using var json = JsonDocument.Parse(vector);
        var input = json.RootElement.GetProperty("input");
        var rate = new CollectionRate(Yuan("receivable"), Yuan("old"), Yuan("collected"), Yuan("old_collected"));

        new[] { rate.Percent, rate.CurrentPercent, rate.OldPercent }.Should().Equal(
            json.RootElement.GetProperty("expected").EnumerateArray().Select(e => (decimal?)Decimal(e)));

        Money Yuan(string name) => Money.FromYuan(Decimal(input.GetProperty(name)));
    }

    [Theory]
    [InlineData(0, 1_000, 0)]
    [InlineData(2_000, 1_000, 200)]
    [InlineData(9_994, 10_000, 99.9)]
    [InlineData(9_995, 10_000, 100)]
    [InlineData(-5, 10_000, -0.1)]
    public void A_rate_is_rounded_half_away_from_zero(long collected, long receivable, double percent) =>
        CollectionRate.Of(new(collected), new(receivable)).Should().Be((decimal)percent);

    [Fact] public void Without_a_receivable_there_is_no_rate() =>
        CollectionRate.Of(Money.Zero, Money.Zero).Should().BeNull();

    static decimal Decimal(JsonElement text) => decimal.Parse(text.GetString()!, CultureInfo.InvariantCulture);
}
