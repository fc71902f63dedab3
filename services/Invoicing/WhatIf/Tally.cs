using System.Runtime.InteropServices;
using Billing.Contracts;
using Billing.Contracts.Api;
using Billing.Rating;

namespace Billing.Invoicing;

/// <summary>Adds up a replay: sums, and one small entry per account. Not safe for several threads.</summary>
internal sealed class Tally(Rerating rerating)
{
    private const int Groups = 10;
    private const int MostListed = 20;

    private readonly Sums[] _classes = new Sums[Enum.GetValues<CustomerClass>().Length];
    private readonly Dictionary<string, LineSums> _lines = new(StringComparer.Ordinal);
    private readonly List<AccountSums> _accounts = [];
    private readonly Dictionary<string, RefusalReason> _refusals = new(StringComparer.Ordinal);
    private readonly List<IrreproducibleInvoice> _notReproduced = [];
    private Sums _refused;
    private Sums _strange;

    /// <summary>Invoices replayed so far.</summary>
    public long Replayed { get; private set; }

    /// <summary>How many accounts have a compared invoice.</summary>
    public int Accounts => _accounts.Count;

    /// <summary>Adds the invoices of some accounts; each account is added once.</summary>
    public void Add(IEnumerable<AccountHistory> histories)
    {
        foreach (var history in histories)
        {
            var sums = new AccountSums(history.Account);
            foreach (var invoice in history.Invoices)
                Add(history, invoice, ref sums);
            if (sums.Invoices > 0)
                _accounts.Add(sums);
        }
    }

    private void Add(AccountHistory history, IssuedInvoice invoice, ref AccountSums sums)
    {
        Replayed++;
        var again = rerating.Again(history, invoice);
        if (again.Bill?.Total != invoice.Amount)
        {
            NotReproduce(history, invoice, again);
            return;
        }
        var instead = rerating.Instead(history, invoice);
        if (!instead.IsBill)
        {
            Refuse(history, invoice, instead.Refusal);
            return;
        }
        _classes[(int)invoice.Class].Add(invoice.Amount, instead.Bill.Total);
        foreach (var line in again.Bill!.Lines)
            LineOf(line.Id).AddOld(line, rerating.Billing(invoice));
        foreach (var line in instead.Bill.Lines)
            LineOf(line.Id).AddNew(line, rerating.Draft);
        sums.Add(invoice, instead.Bill.Total, rerating.MeteredIn(history, invoice).Kwh);
    }

    private LineSums LineOf(string id) =>
        CollectionsMarshal.GetValueRefOrAddDefault(_lines, id, out _) ??= new LineSums();

    private void Refuse(AccountHistory history, IssuedInvoice invoice, RatingRefusal refusal)
    {
        _refused.Add(invoice.Amount, Money.Zero);
        _refusals[refusal.Code] = _refusals.TryGetValue(refusal.Code, out var known)
            ? known with { Invoices = known.Invoices + 1 }
            : new(refusal.Code, refusal.Message, 1, history.Account, invoice.Number, invoice.Period);
    }

    private void NotReproduce(AccountHistory history, IssuedInvoice invoice, Rated again)
    {
        _strange.Add(invoice.Amount, Money.Zero);
        if (_notReproduced.Count < MostListed)
        {
            _notReproduced.Add(new(
                invoice.Number, history.Account, invoice.Period, invoice.Plan, invoice.Version, invoice.Amount,
                again.Bill?.Total, again.Refusal?.Code));
        }
    }

    public ComparedInvoices Total()
    {
        var total = new Sums();
        foreach (var sums in _classes)
            total.Add(sums);
        return new(total.Invoices, total.Old, total.New, total.Difference);
    }

    public IReadOnlyList<ComparedClass> Classes() =>
    [
        .. Enum.GetValues<CustomerClass>().Select(@class => (Class: @class, Sums: _classes[(int)@class]))
            .Where(item => item.Sums.Invoices > 0)
            .Select(item => new ComparedClass(
                item.Class, item.Sums.Invoices, item.Sums.Old, item.Sums.New, item.Sums.Difference)),
    ];

    public IReadOnlyList<ComparedLine> Lines() =>
    [
        .. _lines.OrderBy(line => line.Key, StringComparer.Ordinal).Select(line => new ComparedLine(
            line.Key, line.Value.Component, line.Value.Label, line.Value.Old, line.Value.New,
            line.Value.New - line.Value.Old)),
    ];

    /// <summary>
    /// Households ranked by what they were billed; of two with the same bill, the smaller account number is first.
    /// </summary>
    public IReadOnlyList<ComparedDecile> Deciles()
    {
        var households = _accounts.FindAll(account => account.Class == CustomerClass.Residential);
        if (households.Count == 0)
            return [];
        households.Sort((one, other) => (one.Old, one.Account).CompareTo((other.Old, other.Account)));
        var deciles = new ComparedDecile[Groups];
        for (int group = 0, first = 0; group < Groups; group++)
        {
            var end = (int)((long)households.Count * (group + 1) / Groups);
            deciles[group] = DecileOf(group + 1, CollectionsMarshal.AsSpan(households)[first..end]);
            first = end;
        }
        return deciles;
    }

    private static ComparedDecile DecileOf(int number, ReadOnlySpan<AccountSums> households)
    {
        var (kwh, old, @new, more, less) = (0L, Money.Zero, Money.Zero, 0, 0);
        foreach (ref readonly var household in households)
        {
            (kwh, old, @new) = (kwh + household.Kwh, old + household.Old, @new + household.New);
            more += household.New > household.Old ? 1 : 0;
            less += household.New < household.Old ? 1 : 0;
        }
        return new(
            number, households.Length, kwh, old, @new, @new - old, more, less, households.Length - more - less);
    }

    /// <summary>The accounts that would pay less, the largest difference first.</summary>
    public IReadOnlyList<AccountSums> Winners() =>
    [
        .. _accounts.Where(account => account.New < account.Old)
            .OrderBy(account => account.New - account.Old).ThenBy(account => account.Account).Take(MostListed),
    ];

    /// <summary>The accounts that would pay more, the largest difference first.</summary>
    public IReadOnlyList<AccountSums> Losers() =>
    [
        .. _accounts.Where(account => account.New > account.Old)
            .OrderByDescending(account => account.New - account.Old).ThenBy(account => account.Account)
            .Take(MostListed),
    ];

    public RefusedInvoices Refused() => new(
        _refused.Invoices, _refused.Old,
        [.. _refusals.Values.OrderByDescending(r => r.Invoices).ThenBy(r => r.Code, StringComparer.Ordinal)]);

    public IrreproducibleInvoices NotReproducible() => new(_strange.Invoices, _strange.Old, _notReproduced);
}

/// <summary>The number of invoices, their amount as billed, and as they would have been.</summary>
internal struct Sums
{
    public long Invoices { get; private set; }

    public Money Old { get; private set; }

    public Money New { get; private set; }

    public readonly Money Difference => New - Old;

    public void Add(Money old, Money @new) => (Invoices, Old, New) = (Invoices + 1, Old + old, New + @new);

    public void Add(Sums other) =>
        (Invoices, Old, New) = (Invoices + other.Invoices, Old + other.Old, New + other.New);
}

/// <summary>The sums of one line over all bills.</summary>
internal sealed class LineSums
{
    private Label? _oldLabel;
    private Label? _newLabel;

    public string Component { get; private set; } = "";

    public Label Label => (_newLabel ?? _oldLabel)!;

    public Money Old { get; private set; }

    public Money New { get; private set; }

    public void AddOld(BillLine line, PlanSchedule plan)
    {
        (Old, Component) = (Old + line.Amount, line.Component);
        _oldLabel ??= plan.Explain(line).Label;
    }

    public void AddNew(BillLine line, PlanSchedule plan)
    {
        (New, Component) = (New + line.Amount, line.Component);
        _newLabel ??= plan.Explain(line).Label;
    }
}

/// <summary>The sums of an account over the whole window, kept small: a million of them must fit into memory.</summary>
internal struct AccountSums(AccountNo account)
{
    public AccountNo Account { get; } = account;

    /// <summary>The class of the last invoice.</summary>
    public CustomerClass Class { get; private set; }

    public int Invoices { get; private set; }

    public long Kwh { get; private set; }

    public Money Old { get; private set; }

    public Money New { get; private set; }

    public void Add(IssuedInvoice invoice, Money @new, long kwh)
    {
        (Class, Invoices, Kwh) = (invoice.Class, Invoices + 1, Kwh + kwh);
        (Old, New) = (Old + invoice.Amount, New + @new);
    }
}
