using System.Globalization;
using Billing.Contracts;

namespace Billing.Tools;

/// <summary>An account as it is opened, and the load of each of its meters.</summary>
internal sealed record Resident(AccountRow Account, IReadOnlyList<Load> Loads);

/// <summary>The accounts of the city, one after the other.</summary>
internal sealed class Town(int seed, int accounts)
{
    /// <summary>The price plans that the accounts are on.</summary>
    public static readonly string[] Plans =
    [
        "beijing-commercial-heat", "beijing-residential-electricity", "beijing-residential-heat",
        "beijing-residential-heat-metered", "commercial-electricity", "commercial-electricity-tou",
    ];

    private const long FirstAccount = 1_000_000_001;
    private static readonly DateOnly Oldest = new(2004, 1, 1);

    private readonly City _city = new(seed, accounts);
    private readonly Names _names = new(seed);
    private readonly Consumption _consumption = new(seed);
    private readonly Chance _kinds = new(seed, "kinds");
    private readonly Chance _supplies = new(seed, "supplies");
    private readonly Chance _owners = new(seed, "owners");
    private int _count;

    public IEnumerable<Resident> Residents()
    {
        foreach (var site in _city.Sites())
        {
            (string Customer, string Name, string Phone)? neighbour = null;
            for (int i = 0, flats = 0; i < site.Size; i++, _count++)
            {
                if (_count == accounts)
                    yield break;
                var resident = _kinds.Between(0.0, 100.0) switch
                {
                    < 91.0 => Flat(site, flats++, neighbour),
                    < 97.2 => Shop(site),
                    < 99.2 => Institution(site),
                    _ => Factory(site),
                };
                if (resident.Account.Class == CustomerClass.Residential)
                    neighbour = (resident.Account.Customer, resident.Account.Name, resident.Account.Phone);
                yield return resident;
            }
        }
    }

    private Resident Flat(Site site, int index, (string Customer, string Name, string Phone)? neighbour)
    {
        var perFloor = site.FlatTypes.Length;
        var perBuilding = perFloor * site.Floors * site.UnitsPerBuilding;
        var (building, inBuilding) = (index / perBuilding + 1, index % perBuilding);
        var (unit, inUnit) = (inBuilding / (perFloor * site.Floors) + 1, inBuilding % (perFloor * site.Floors));
        var (floor, door) = (inUnit / perFloor + 1, inUnit % perFloor + 1);
        var area = site.FlatTypes[door - 1];
        // Some people own the adjacent flat, too.
        var owner = neighbour is { } known
            && _owners.Happens(0.02) ? known : NewCustomer(_names.Person(), _names.Mobile());
        var address = string.Create(
            CultureInfo.InvariantCulture, $"{site.Address}{site.Project}{building}号楼{unit}单元{floor}{door:00}");
        var load = _consumption.Flat(area, site.Vacancy);
        var what = _supplies.Between(0.0, 100.0);
        var electricity = what < 98
            ? Electricity("beijing-residential-electricity", "<1kV", new MeterRow(MeterNo(0), 1, 6, false)) : null;
        var heat = what >= 4
            ? new HeatRow(
                site.MeteredHeat ? "beijing-residential-heat-metered" : "beijing-residential-heat",
                area, _supplies.Happens(0.004) ? 3.3m : null, "住宅", site.MeteredHeat)
            : null;
        return Open(owner, site, address, CustomerClass.Residential, electricity, heat, load);
    }

    private Resident Shop(Site site)
    {
        var area = Area(95, 0.6, 18, 1200);
        var load = _consumption.Business(14 * (double)area, 0.7);
        var address = string.Create(CultureInfo.InvariantCulture, $"{site.Address}底商{_supplies.Between(1, 60)}");
        var meter = load.MonthlyKwh > 8000
            ? new MeterRow(MeterNo(0), _supplies.Of([20, 30, 40]), 6, true) : new(MeterNo(0), 1, 6, true);
        var plan = load.MonthlyKwh < 900 ? "commercial-electricity" : "commercial-electricity-tou";
        return Open(
            NewCustomer(_names.Shop(site.Project), _names.Mobile()), site, address, CustomerClass.Commercial,
            Electricity(plan, "<1kV", meter), Heat(area, "商铺", 0.85), load);
    }

    private Resident Institution(Site site)
    {
        var use = _supplies.Of(["学校", "幼儿园", "医院", "办公"]);
        var area = Area(1800, 0.8, 120, 20000);
        var meter = new MeterRow(MeterNo(0), _supplies.Of([30, 40, 60, 80]), 6, true);
        return Open(
            NewCustomer(_names.Institution(site.Project, use), _names.Landline()), site, site.Address,
            CustomerClass.Public, Electricity("commercial-electricity-tou", "<1kV", meter), Heat(area, use, 0.95),
            _consumption.Business(4.5 * (double)area, 0.5));
    }

    private Resident Factory(Site site)
    {
        var area = Area(3500, 0.7, 400, 40000);
        MeterRow Meter(int index) => new(MeterNo(index), _supplies.Of([1000, 1500, 2000, 3000]), 6, true);
        MeterRow[] meters = _supplies.Happens(0.3) ? [Meter(0), Meter(1)] : [Meter(0)];
        var loads = meters.Select(_ => _consumption.Business(60_000, 0.8)).ToArray();
        return Open(
            NewCustomer(_names.Factory(), _names.Landline()), site, $"{site.Address}厂区",
            CustomerClass.Industrial, Electricity("commercial-electricity-tou", "10kV", meters), Heat(area, "厂房", 0.6),
            loads);
    }

    private Resident Open(
        (string Customer, string Name, string Phone) owner, Site site, string address, CustomerClass @class,
        ElectricityRow? electricity, HeatRow? heat, params Load[] loads)
    {
        var opened = Oldest.AddDays((int)(Math.Sqrt(_supplies.Between(0.0, 1.0)) * 8000));
        var row = new AccountRow(
            Number(FirstAccount + _count), owner.Customer, owner.Name, owner.Phone, site.Region, site.Project,
            site.Region + address, @class, opened, electricity, heat);
        return new(row, electricity is null ? [] : loads);
    }

    private (string, string, string) NewCustomer(string name, string phone) =>
        ("C" + Number(10_000_001 + _count), name, phone);

    private string MeterNo(int index) =>
        string.Create(CultureInfo.InvariantCulture, $"E{26_000_000 + _count:00000000}{index}");

    private decimal Area(double median, double sigma, double least, double most) => decimal.Round(
        (decimal)Math.Clamp(_supplies.LogNormal(median, sigma), least, most), 2, MidpointRounding.ToZero);

    private HeatRow? Heat(decimal area, string use, double share) =>
        _supplies.Happens(share) ? new("beijing-commercial-heat", area, null, use, false) : null;

    private static ElectricityRow Electricity(string plan, string voltage, params MeterRow[] meters) =>
        new(plan, voltage, meters);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
