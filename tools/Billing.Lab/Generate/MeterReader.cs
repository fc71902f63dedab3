using Billing.Contracts;

namespace Billing.Tools;

/// <summary>
/// Reads every meter at the end of the month, with the usual irregularities: some meters were exchanged, a few
/// registers rolled over, some meters could not be read, and a few readings were written down wrong.
/// </summary>
internal sealed class MeterReader(int seed, Expected expected)
{
    public static readonly DateOnly Opening = new(2026, 9, 30);
    public static readonly DateOnly October = new(2026, 10, 31);

    private readonly Chance _use = new(seed, "use");
    private readonly Chance _events = new(seed, "events");

    /// <summary>The readings of one account; an exchanged meter changes the account's list of meters.</summary>
    public AccountRow Read(Resident resident, ReadingFiles files)
    {
        var account = resident.Account;
        if (account.Electricity is not { } electricity)
            return account;
        expected.ElectricityAccounts++;
        var meters = new List<MeterRow>(electricity.Meters);
        for (var i = 0; i < electricity.Meters.Count; i++)
        {
            if (Life(account, electricity.Meters[i], resident.Loads[i], files) is { } replacement)
                meters.Add(replacement);
        }
        return account with { Electricity = electricity with { Meters = meters } };
    }

    private MeterRow? Life(AccountRow account, MeterRow meter, Load load, ReadingFiles files)
    {
        var october = load.In(October.Month, _use);
        // An irregularity of one of two meters is hard to count in accounts, so accounts with two have ordinary months.
        var fate = _events.Between(0.0, 100.0) + (account.Electricity!.Meters.Count - 1) * 100;
        if (fate is >= 0.5 and < 0.6 && load.MonthlyKwh > 1)
        {
            expected.RolledOver++;
            var almostFull = Register.AlmostFull(meter, load);
            Months(account, almostFull, october, files);
            return null;
        }
        var register = Register.InUse(meter, load, _use);
        if (fate < 0.5)
            return Exchanged(account, register, load, october, files);
        if (fate is >= 0.6 and < 0.9)
            Missing(account, register, files);
        else if (fate is >= 0.9 and < 0.95)
            Implausible(account, register, files);
        else
            Months(account, register, october, files);
        return null;
    }

    private void Months(AccountRow account, Register register, double october, ReadingFiles files)
    {
        if (october < 0.01)
            expected.Vacant++;
        files.September(Row(account, register, Opening, ReadingKind.Initial));
        register.Count(october);
        files.October(Row(account, register, October, ReadingKind.Regular));
    }

    private MeterRow Exchanged(
        AccountRow account, Register old, Load load, double october, ReadingFiles files)
    {
        expected.Exchanged++;
        var day = October.AddDays(-_events.Between(4, 27));
        var before = october * (day.Day / 31.0);
        files.September(Row(account, old, Opening, ReadingKind.Initial));
        old.Count(before);
        files.October(Row(account, old, day, ReadingKind.Final));
        var fresh = new Register(old.Meter with { No = "N" + old.Meter.No[1..] }, load, 0);
        files.October(Row(account, fresh, day, ReadingKind.Initial));
        fresh.Count(october - before);
        files.October(Row(account, fresh, October, ReadingKind.Regular));
        return fresh.Meter;
    }

    private void Missing(AccountRow account, Register register, ReadingFiles files)
    {
        expected.Missing++;
        files.September(Row(account, register, Opening, ReadingKind.Initial));
    }

    /// <summary>The meter reader swapped two digits, so that the register seems to decrease.</summary>
    private void Implausible(AccountRow account, Register register, ReadingFiles files)
    {
        expected.Implausible++;
        var before = Row(account, register, Opening, ReadingKind.Initial);
        files.September(before);
        files.October(before with
        {
            ReadOn = October,
            Kind = ReadingKind.Regular,
            Registers = before.Registers with
            {
                Total = decimal.Round(before.Registers.Total * 0.83m, 2, MidpointRounding.ToZero),
            },
        });
    }

    private static ReadingRow Row(AccountRow account, Register register, DateOnly day, ReadingKind kind) =>
        new(account.Account, register.Meter.No, day, kind, register.Shown);
}
