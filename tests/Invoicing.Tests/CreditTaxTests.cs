using FsCheck;
using FsCheck.Fluent;
using static Billing.Invoicing.Tests.Facts;

namespace Billing.Invoicing.Tests;

/// <summary>
/// Credits have net and tax: in whatever parts an invoice is credited, they give back what it had of both.
/// </summary>
public sealed class CreditTaxTests
{
    private static readonly InvoiceNo Number = InvoiceNo.Parse("E202510-00000001");

    private static readonly Gen<(Taxed Invoice, long[] Parts)> Credited =
        from fen in Gen.Choose(1, 2_000_000)
        from rate in Gen.Elements(0m, 0.01m, 0.06m, 0.09m, 0.13m, 1m)
        from outside in Gen.Choose(-50, 50)
        from cuts in Gen.Choose(1, Math.Max(1, fen - 1)).ArrayOf(12)
        let amount = new Money(fen)
        // What the tax law does not see makes the net anything, even more than the amount, or less than nothing.
        let net = Money.FromYuan(amount.Yuan / (1m + rate)) + new Money(fen * outside / 20)
        let ends = cuts.Append(fen).Distinct().Order().Select(end => (long)end).ToArray()
        select (new Taxed(amount, net), ends.Select((end, i) => end - (i == 0 ? 0 : ends[i - 1])).ToArray());

    [Fact]
    public void Credits_of_all_of_an_invoice_give_its_net_and_tax_back_in_any_number_of_parts() =>
        Check((invoice, parts) =>
        {
            var state = Account.Streams.Fold([Issued(invoice)]);
            var events = new List<AccountEvent> { Issued(invoice) };
            foreach (var (part, i) in parts.Select((part, i) => (new Money(part), i)))
            {
                var credit = (CreditIssued)Credit($"N{i}", part).Decide(state).Events.Single();
                (credit.Net!.Value + credit.Tax!.Value).Should().Be(part);
                // In proportion, to a fen.
                Math.Abs(credit.Net.Value.Fen - (decimal)part.Fen * invoice.Net.Fen / invoice.Amount.Fen)
                    .Should().BeLessThanOrEqualTo(1m);
                events.Add(credit);
                state = Account.Streams.Fold(events);
            }
            var credits = events.OfType<CreditIssued>().ToList();
            Money.Sum(credits.Select(credit => credit.Net!.Value)).Should().Be(invoice.Net);
            Money.Sum(credits.Select(credit => credit.Tax!.Value)).Should().Be(invoice.Tax);
            state.LeftOf(Number).Should().Be(new Taxed(Money.Zero, Money.Zero));
        });

    [Fact]
    public void A_part_of_an_invoice_of_plain_tax_is_never_more_tax_or_net_than_it_is() => Check((invoice, parts) =>
    {
        if (invoice.Net < Money.Zero || invoice.Tax < Money.Zero)
            return;
        var before = Money.Zero;
        foreach (var part in parts.Select(fen => new Money(fen)))
        {
            var split = invoice.Part(before, part);
            split.Net.Should().BeGreaterThanOrEqualTo(Money.Zero).And.BeLessThanOrEqualTo(part);
            before += part;
        }
    });

    [Fact]
    public void An_old_note_without_tax_is_read_as_it_would_be_decided_today() => Check((invoice, parts) =>
    {
        var (old, today) = (new List<AccountEvent> { Issued(invoice) }, new List<AccountEvent> { Issued(invoice) });
        foreach (var (part, i) in parts.Select((part, i) => (new Money(part), i)))
        {
            var decided = Credit($"N{i}", part).Decide(Account.Streams.Fold(today)).Events.Single();
            today.Add(decided);
            old.Add((CreditIssued)decided with { Net = null, Tax = null });
        }
        Account.Streams.Fold(old).Credits.Should().BeEquivalentTo(Account.Streams.Fold(today).Credits);
    });

    [Theory]
    [InlineData(100_00, 88_50)] // 100.00 is 88.50 + 11.50, not 11.51 (rules.md R-6)
    [InlineData(1, 1)] // 0.01 is 0.01 + 0.00
    public void The_first_credit_of_an_invoice_is_split_as_an_invoice_of_its_amount_is(long fen, long net) =>
        new Taxed(new(1000_00), new(884_96)).Part(Money.Zero, new(fen)).Net.Should().Be(new Money(net));

    [Fact]
    public async Task A_database_from_before_gets_the_tax_of_its_credits_as_the_account_decides_it()
    {
        await using var source = Platform.Database.Source(
            await Backend.NewDatabase(typeof(Program).Assembly), "test");
        await using var old = source.CreateCommand("""
            drop table schema_version;
            alter table credit drop column net_fen, drop column tax_fen;
            insert into invoice values ('E1', '1000000001', 'Electricity', '2025-10', 'regular', 11719, 10371, 1348,
              'Residential', 'p', 1, '2025-11-01', '2025-11-20', now());
            insert into credit (note, invoice_no, account_no, amount_fen, reason, issued_on, recorded_at) values
              ('N1', 'E1', '1000000001', 4, 'x', '2025-11-05', now()),
              ('N2', 'E1', '1000000001', 10000, 'x', '2025-11-05', now()),
              ('N3', 'E1', '1000000001', 1715, 'x', '2025-11-05', now())
            """);
        await old.ExecuteNonQueryAsync();
        await Stored.Leave(source, Note(2, "N2"), Note(3, "N1"), Note(4, "N3"));
        await new Platform.Schema(source, typeof(Program).Assembly).Migrate();
        var invoice = new Taxed(new(11719), new(10371));
        await using var rows = source.CreateCommand(
            "select note || ' ' || net_fen || ' ' || tax_fen from credit order by note");
        await using var reader = await rows.ExecuteReaderAsync();
        var found = new List<string>();
        while (await reader.ReadAsync())
            found.Add(reader.GetString(0));
        found.Should().Equal(
            Said("N1", invoice.Part(new(10000), new(4))), Said("N2", invoice.Part(Money.Zero, new(10000))),
            Said("N3", invoice.Part(new(10004), new(1715))));

        static LeftEvent Note(long version, string note) => new(
            "account-1000000001", version, typeof(CreditIssued), $$"""{"note": "{{note}}"}""");

        static string Said(string note, Taxed part) => $"{note} {part.Net.Fen} {part.Tax.Fen}";
    }

    private static CreditInvoice Credit(string note, Money amount) =>
        new(CreditNoteNo.Parse(note), Number, No(1), amount, "抄表差错", Day("2025-11-05"));

    private static InvoiceIssued Issued(Taxed invoice) => new(
        Number, No(1), Utility.Electricity, October, CustomerClass.Residential, Region.Parse("海淀区"),
        Project.Parse("小区1"), invoice.Amount,
        invoice.Net, invoice.Tax, PlanCode.Parse(Beijing), 1, [], [], Day("2025-11-01"), Day("2025-11-20"),
        RunName.Parse("run-1"));

    private static void Check(Action<Taxed, long[]> holds) => Prop.ForAll(
        Credited.ToArbitrary(), x => holds(x.Invoice, x.Parts)).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
}
