using System.Text.Json;
using Billing.Platform;

namespace Billing.Contracts.Tests;

public sealed class IdentifierTests
{
    private static readonly string Long = new('7', 200);

    [Theory]
    [InlineData("100000", true)]
    [InlineData("12345678901234", true)]
    [InlineData("10000", false)]
    [InlineData("123456789012345", false)]
    [InlineData("10000a", false)]
    [InlineData(" 100000", false)]
    [InlineData("１０００００", false)]
    [InlineData("", false)]
    public void An_account_is_6_to_14_digits(string text, bool valid) => Check<AccountNo>(text, valid);

    [Theory]
    [InlineData("C100000", true)]
    [InlineData("C12345678901234", true)]
    [InlineData("C10000", false)]
    [InlineData("C123456789012345", false)]
    [InlineData("c100000", false)]
    [InlineData("100000", false)]
    [InlineData("C", false)]
    public void A_customer_is_C_and_6_to_14_digits(string text, bool valid) => Check<CustomerNo>(text, valid);

    [Theory]
    [InlineData("E2026-000001", true)]
    [InlineData("1", true)]
    [InlineData("a b", false)]
    [InlineData("a/b", false)]
    [InlineData("发票", false)]
    [InlineData("..", false)]
    [InlineData("-", false)]
    public void An_invoice_is_a_short_token(string text, bool valid) => Check<InvoiceNo>(text, valid);

    [Theory]
    [InlineData("beijing-residential-heat", true)]
    [InlineData("a", true)]
    [InlineData("Beijing", false)]
    [InlineData("a_b", false)]
    [InlineData("", false)]
    public void A_plan_is_lower_case_words(string text, bool valid) => Check<PlanCode>(text, valid);

    [Theory]
    [InlineData("icbc-20261031-0001.a_B", true)]
    [InlineData("icbc 1", false)]
    [InlineData("icbc:1", false)]
    [InlineData("", false)]
    public void A_payment_is_a_token(string text, bool valid) => Check<PaymentId>(text, valid);

    [Theory]
    [InlineData("icbc", true)]
    [InlineData("union2pay", true)]
    [InlineData("ICBC", false)]
    [InlineData("bank-1", false)]
    [InlineData("", false)]
    public void A_partner_is_lower_case_letters_and_digits(string text, bool valid) =>
        Check<PartnerCode>(text, valid);

    [Theory]
    [InlineData("M00000001", true)]
    [InlineData("a.b-c_d", true)]
    [InlineData("-", true)]
    [InlineData("表1", false)]
    [InlineData("M 1", false)]
    [InlineData("", false)]
    public void A_meter_is_letters_digits_dots_dashes_and_underscores(string text, bool valid) =>
        Check<MeterNo>(text, valid);

    [Theory]
    [InlineData("N1", true)]
    [InlineData("N-2026-1", true)]
    [InlineData("N 1", false)]
    [InlineData("N_1", false)]
    [InlineData("", false)]
    public void A_credit_note_is_letters_digits_and_dashes(string text, bool valid) =>
        Check<CreditNoteNo>(text, valid);

    [Theory]
    [InlineData("R-1.a_B", true)]
    [InlineData("..", false)]
    [InlineData("R/1", false)]
    [InlineData("", false)]
    public void A_refund_and_a_receipt_are_tokens(string text, bool valid)
    {
        Check<RefundNo>(text, valid);
        Check<ReceiptNo>(text, valid);
    }

    [Theory]
    [InlineData("海淀区", true)]
    [InlineData("Sunny Gardens 3", true)]
    [InlineData(" 阳光花园", false)]
    [InlineData("阳光花园 ", false)]
    [InlineData("阳光\n花园", false)]
    [InlineData("", false)]
    public void A_region_and_a_project_are_one_line(string text, bool valid)
    {
        Check<Region>(text, valid);
        Check<Project>(text, valid);
    }

    [Fact]
    public void Lengths_end_where_the_form_says()
    {
        Check<InvoiceNo>(Long[..32], valid: true);
        Check<InvoiceNo>(Long[..33], valid: false);
        Check<PlanCode>(Long[..64], valid: true);
        Check<PlanCode>(Long[..65], valid: false);
        Check<PaymentId>(Long[..96], valid: true);
        Check<PaymentId>(Long[..97], valid: false);
        Check<PartnerCode>(Long[..20], valid: true);
        Check<PartnerCode>(Long[..21], valid: false);
        Check<MeterNo>(Long[..32], valid: true);
        Check<MeterNo>(Long[..33], valid: false);
        Check<CreditNoteNo>(Long[..40], valid: true);
        Check<CreditNoteNo>(Long[..41], valid: false);
        Check<RefundNo>(Long[..64], valid: true);
        Check<RefundNo>(Long[..65], valid: false);
        Check<ReceiptNo>(Long[..32], valid: true);
        Check<ReceiptNo>(Long[..33], valid: false);
        Check<Region>(Long[..50], valid: true);
        Check<Region>(Long[..51], valid: false);
        Check<Project>(Long[..50], valid: true);
        Check<Project>(Long[..51], valid: false);
    }

    [Fact]
    public void The_default_is_the_empty_name_and_not_valid()
    {
        default(AccountNo).Value.Should().BeEmpty();
        AccountNo.IsValid(default(AccountNo).Value).Should().BeFalse();
        AccountNo.TryParse(null, null, out _).Should().BeFalse();
    }

    [Fact]
    public void Equal_texts_are_equal_names()
    {
        AccountNo.Parse("100000").Should().Be(AccountNo.Parse("100000"));
        AccountNo.Parse("100000").Should().NotBe(AccountNo.Parse("100001"));
        AccountNo.Parse("100000").CompareTo(AccountNo.Parse("100001")).Should().BeNegative();
        (AccountNo.Parse("100000") < AccountNo.Parse("100001")).Should().BeTrue();
        (AccountNo.Parse("100000") >= AccountNo.Parse("100001")).Should().BeFalse();
    }

    [Fact]
    public void A_wrong_text_is_explained() =>
        FluentActions.Invoking(() => AccountNo.Parse("12a")).Should().Throw<FormatException>()
            .WithMessage("'12a' is not 6 to 14 digits.");

    [Fact]
    public void It_can_be_a_key_of_an_object()
    {
        var amounts = new Dictionary<AccountNo, int> { [AccountNo.Parse("100000")] = 1 };
        var json = JsonSerializer.Serialize(amounts, Wire.Stored);
        json.Should().Be("""{"100000":1}""");
        JsonSerializer.Deserialize<Dictionary<AccountNo, int>>(json, Wire.Stored).Should().Equal(amounts);
    }

    /// <summary>The same text is judged alike wherever it comes in: in a route, in a file, in JSON.</summary>
    private static void Check<T>(string text, bool valid)
        where T : struct, IIdentifier<T>
    {
        T.IsValid(text).Should().Be(valid);
        T.TryParse(text, null, out var parsed).Should().Be(valid);
        parsed.Value.Should().Be(valid ? text : "");
        var json = JsonSerializer.Serialize(text, Wire.Stored);
        JsonSerializer.Deserialize<T>(json, Wire.Stored).Value.Should().Be(text, "what was stored once is read");
        if (valid)
        {
            JsonSerializer.Deserialize<T>(json, Wire.Strict).Value.Should().Be(text);
            JsonSerializer.Serialize(parsed, Wire.Stored).Should().Be(json);
            parsed.ToString().Should().Be(text);
        }
        else
        {
            FluentActions.Invoking(() => T.Parse(text, null)).Should().Throw<FormatException>();
            FluentActions.Invoking(() => JsonSerializer.Deserialize<T>(json, Wire.Strict)).Should()
                .Throw<JsonException>()
                .WithMessage($"*{T.Form}*");
        }
    }
}
