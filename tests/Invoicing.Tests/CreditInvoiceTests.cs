using static Billing.Invoicing.Tests.Facts;

namespace Billing.Invoicing.Tests;

public sealed class CreditInvoiceTests
{
    private static readonly InvoiceNo Number = InvoiceNo.Parse("E202510-00000001"),
        Other = InvoiceNo.Parse("E202510-00000002");

    private static readonly InvoiceIssued Issued = new(
        Number, No(1), Utility.Electricity, October, CustomerClass.Residential, Region.Parse("海淀区"),
        Project.Parse("小区1"), new(117_19), new(103_71),
        new(13_48), PlanCode.Parse(Beijing), 1, [], [], Day("2025-11-01"), Day("2025-11-20"), RunName.Parse("run-1"));

    private static readonly CreditInvoice Credit = new(CreditNoteNo.Parse("N1"), Number, No(1), new(100_00), "抄表差错",
        Day("2025-11-05"));
    // 88.49 net as 117.19 has 103.71, halves up.
    private static readonly CreditIssued Credited = new(
        CreditNoteNo.Parse("N1"), Number, No(1), new(100_00), "抄表差错", Day("2025-11-05"), new(88_50), new(11_50));

    private static readonly Spec<Account, AccountEvent> Spec = new(Account.Streams);

    public static TheoryData<CreditInvoice> OtherFacts =>
        [Credit with { Amount = new(1) }, Credit with { Reason = "其他" }, Credit with { Invoice = Other }];

    [Fact] public void A_part_of_an_invoice_is_credited() => Spec.Given(Issued).When(Credit).Then(Credited);

    [Fact] public void A_repeated_note_changes_nothing_even_on_another_day() =>
        Spec.Given(Issued, Credited).When(Credit with { Today = Day("2025-12-01") }).ThenNothing();

    [Theory, MemberData(nameof(OtherFacts))] public void A_known_note_keeps_its_facts(CreditInvoice other) =>
        Spec.Given(Issued, Issued with { Invoice = Other }, Credited).When(other).ThenRefused(CreditInvoice.NoteTaken);

    [Fact] public void All_that_is_left_can_be_credited() => Spec.Given(Issued, Credited)
        .When(Credit with { Note = CreditNoteNo.Parse("N2"), Amount = new(17_19) })
        .Then(Credited with { Note = CreditNoteNo.Parse("N2"), Amount = new(17_19), Net = new(15_21),
            Tax = new(1_98) });

    [Fact] public void One_fen_more_than_is_left_is_refused() => Spec.Given(Issued, Credited)
        .When(Credit with { Note = CreditNoteNo.Parse("N2"),
            Amount = new(17_20) }).ThenRefused(CreditInvoice.MoreThanLeft);

    [Fact] public void The_credits_of_another_invoice_do_not_count() => Spec
        .Given(Issued, Issued with { Invoice = Other }, Credited with { Invoice = Other })
        .When(Credit with { Note = CreditNoteNo.Parse("N2"), Amount = new(117_19) })
        .Then(Credited with { Note = CreditNoteNo.Parse("N2"), Amount = new(117_19), Net = Issued.Net,
            Tax = Issued.Tax });

    [Fact] public void An_unknown_invoice_cannot_be_credited() =>
        Spec.Given(Issued).When(Credit with { Invoice = Other }).ThenRefused(CreditInvoice.InvoiceUnknown);

    [Theory, InlineData(0), InlineData(-1)] public void A_credit_is_more_than_zero(long fen) =>
        Spec.Given(Issued).When(Credit with { Amount = new(fen) }).ThenRefused(CreditInvoice.AmountNotPositive);

    [Fact] public void A_note_has_a_number() =>
        Spec.Given(Issued).When(Credit with { Note = default }).ThenRefused(CreditInvoice.NoteInvalid);

    [Fact] public void A_credit_has_a_reason() =>
        Spec.Given(Issued).When(Credit with { Reason = " \u200B" }).ThenRefused(CreditInvoice.ReasonMissing);
}
