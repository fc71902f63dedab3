using System.Globalization;
using System.Text.Json;
using Billing.Contracts.Customer;
using static Billing.Invoicing.Tests.Facts;

namespace Billing.Invoicing.Tests;

/// <summary>The metering examples of the domain (rules.md E-21 to E-23).</summary>
public sealed class ConsumptionTests
{
    private static readonly JsonElement[] Vectors =
        [.. JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors.json")))
            .RootElement.EnumerateArray()];

    private static JsonElement Vector(string id) =>
        Vectors.Single(vector => vector.GetProperty("id").GetString() == id);

    private static decimal Number(JsonElement json) => json.ValueKind == JsonValueKind.Number
        ? json.GetDecimal()
        : decimal.Parse(json.GetString()!, CultureInfo.InvariantCulture);

    private static Consumption Between(decimal before, decimal after, Meter meter) => Consumption.Between(
        new(default, ReadingKind.Regular, before, null, null, October, null, null),
        new(No(1), meter.MeterNo, default, ReadingKind.Regular, after, null, null, default), meter);

    [Fact]
    public void TV_E28_an_exchanged_meter_and_the_new_one_are_added()
    {
        var (vector, kwh) = (Vector("TV-E28"), 0L);
        foreach (var name in new[] { "old", "new" })
        {
            var meter = vector.GetProperty("input").GetProperty(name);
            kwh += Between(Number(meter[0]), Number(meter[1]), Single(multiplier: Number(meter[2]))).Kwh;
        }
        kwh.Should().Be(vector.GetProperty("expected").GetInt64());
    }

    [Fact]
    public void TV_E29_a_register_rolls_over()
    {
        var (vector, input) = (Vector("TV-E29"), Vector("TV-E29").GetProperty("input"));
        var used = Consumption.Used(
            Number(input.GetProperty("prev")), Number(input.GetProperty("now")), input.GetProperty("digits").GetInt32(),
            out var rolled);
        (used, rolled).Should().Be((Number(vector.GetProperty("expected")), true));
    }

    [Fact]
    public void TV_E32_flat_is_what_is_left_of_the_total()
    {
        var input = Vector("TV-E32").GetProperty("input");
        var used = Consumption.Between(
            new(default, ReadingKind.Initial, 0m, 0m, 0m, October, null, null),
            new(No(1), MeterNo.Parse("M1"), default, ReadingKind.Regular, Number(input.GetProperty("total")),
                Number(input.GetProperty("peak")), Number(input.GetProperty("valley")), default),
            TimeOfUse());
        (used.Kwh - used.Peak - used.Valley).Should().Be(Vector("TV-E32").GetProperty("expected").GetInt64());
    }

    [Theory]
    [InlineData(0, 10.13, 20, 203), InlineData(0, 0.49, 1, 0), InlineData(0, 0.5, 1, 1)]
    [InlineData(100, 404, 200, 60_800)]
    public void Consumption_is_the_difference_times_the_multiplier_in_whole_kwh(
        double before, double after, int multiplier, long kwh) =>
        Between((decimal)before, (decimal)after, Single(multiplier: multiplier)).Kwh.Should().Be(kwh);

    [Fact]
    public void Rounded_parts_never_exceed_the_rounded_total()
    {
        var used = Consumption.Between(
            new(default, ReadingKind.Initial, 0m, 0m, 0m, October, null, null),
            new(No(1), MeterNo.Parse("M1"), default, ReadingKind.Regular, 1.4m, 0.7m, 0.7m, default), TimeOfUse());
        used.Should().Be(new Consumption(1, 1, 0, false, null));
    }

    /// <summary>A meter that got its time-of-use registers while it hung: what they showed then is not known.</summary>
    [Fact]
    public void Registers_whose_start_is_not_known_are_not_taken_to_start_at_zero() => Consumption.Between(
        new(default, ReadingKind.Regular, 0m, null, null, October, null, null),
        new(No(1), MeterNo.Parse("M1"), default, ReadingKind.Regular, 100m, 20m, 10m, default), TimeOfUse())
        .Refusal.Should().Be(AcceptReading.RegistersUnread);
}
