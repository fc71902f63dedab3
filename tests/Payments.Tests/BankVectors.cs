using System.Text;
using System.Text.Json;
using Billing.Contracts;
using static Billing.Payments.Tests.Facts;

namespace Billing.Payments.Tests;

/// <summary>The domain's examples of partner payments, read from <c>vectors.json</c> (rules.md 5.1).</summary>
public sealed class BankVectors
{
    private static readonly ChargeOpened Debt = Opened("A", 60_00);

    private static readonly ReceivePayment Pay = new(
        Mine, Key("S9"), Channel.Bank, new(100_00), AmountRule.Any, BankDayState.Current, InFile: null, Opened: false);

    private static readonly PaymentReceived Posted = Received("S9", 100_00, 1, 40_00, ("A", 60_00));

    [Fact]
    public void TV_B01_the_same_key_and_body_are_one_posting_with_the_same_answer()
    {
        var vector = Vector("TV-B01");
        vector.GetProperty("expected").GetString().Should().Be("one posting, same answer");
        Spec.Given(Debt).When(Pay).Then(Posted);

        for (var sent = 1; sent < vector.GetProperty("input").GetProperty("same_key_same_body").GetInt32(); sent++)
            Spec.Given(Debt, Posted).When(Pay).ThenNothing();
    }

    [Fact]
    public void TV_B02_the_same_key_with_another_amount_is_rejected()
    {
        var vector = Vector("TV-B02");
        vector.GetProperty("expected").GetString().Should().Be("reject");

        var other = vector.GetProperty("input").GetProperty("same_key_other_amount").GetInt64();
        Spec.Given(Debt, Posted).When(Pay with { Amount = new(100_00 + other) })
            .ThenRefused(ReceivePayment.OtherFacts);
    }

    [Fact]
    public void TV_B03_a_reversal_before_its_payment_posts_nothing_and_the_payment_is_rejected()
    {
        var vector = Vector("TV-B03");
        vector.GetProperty("expected").GetString().Should().Be("no posting, pay rejected");
        vector.GetProperty("input").GetProperty("order").EnumerateArray().Select(step => step.GetString())
            .Should().Equal("reversal S9", "pay S9");

        Spec.Given(Debt, Blocked("S9")).When(Pay).ThenRefused(ReceivePayment.WasReversed);
    }

    [Fact]
    public void TV_B04_a_line_of_a_file_has_as_many_fields()
    {
        var vector = Vector("TV-B04");
        var separator = vector.GetProperty("config").GetProperty("sep").GetString()!;
        var given = vector.GetProperty("input").GetString()!.Split(separator);
        var fields = vector.GetProperty("expected").GetProperty("fields").GetInt32();
        given.Should().HaveCount(fields);

        // Date, serial and amount are the bank's; account numbers and codes of channel and type are ours.
        string[] line = [given[0], given[1], Mine.Value, given[3], "WEB", "PAY"];
        Parse(line).Should().BeEmpty();
        Parse(line[..^1]).Should().Equal(2);
        Parse([.. line, "x"]).Should().Equal(2);

        IEnumerable<int> Parse(string[] parts) => BankFile.Parse(
            Encoding.UTF8.GetBytes($"1|{given[3]}\n{string.Join(separator, parts)}\n"), BankEncoding.Utf8,
            new DateOnly(2024, 1, 1)).Bad.Select(bad => bad.Line);
    }

    private static JsonElement Vector(string id) => JsonElement
        .Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors.json"))).EnumerateArray()
        .Single(vector => vector.GetProperty("id").GetString() == id);
}
