using Billing.Contracts;
using Billing.Platform;

namespace Billing.Customers.Tests;

/// <summary>An ordinary flat, and what is said about it.</summary>
internal static class Given
{
    public static readonly AccountNo Number = AccountNo.Parse("1000000001");
    public static readonly CustomerNo Customer = CustomerNo.Parse("C100001");
    public static readonly DateOnly Opened = new(2020, 10, 1);
    public static readonly CustomerKey Key = new(Customer.Value, [.. Enumerable.Range(1, 32).Select(i => (byte)i)]);
    public static readonly CustomerRegistered Registered = new(
        Customer, Key.SealName("张伟"), Key.SealPhone("13800000001"), HolderKind.Person, "张*");
    public static readonly Holder.Registered Holder = (Holder.Registered)Customers.Holder.Streams.Fold([Registered]);
    public static readonly Meter Meter = new(MeterNo.Parse("M00000001"), 1m, 6, false);

    public static readonly ElectricitySupply Electricity =
        new(PlanCode.Parse("beijing-residential-electricity"), "<1kV", [Meter]);

    public static readonly HeatSupply Heat = new(PlanCode.Parse("beijing-residential-heat"), 89.5m, null, "住宅", false);

    public static readonly DateOnly Today = new(2026, 11, 27);

    /// <summary>The first day of the plans that are to come.</summary>
    public static readonly DateOnly Coming = new(2027, 6, 1);

    /// <summary>The plans of the flat, some that ended, are to come, or are of shops.</summary>
    public static readonly PublishedPlans Plans = new(new Dictionary<PlanCode, PublishedPlan>
    {
        [Electricity.Plan] = Plan(Utility.Electricity, null),
        [Heat.Plan] = Plan(Utility.Heat, null),
        [PlanCode.Parse("ended-electricity")] = Plan(Utility.Electricity, new(2026, 4, 30)),
        [PlanCode.Parse("ended-heat")] = Plan(Utility.Heat, new(2026, 4, 30)),
        [PlanCode.Parse("coming-electricity")] = Plan(Utility.Electricity, null) with { FirstDay = Coming },
        [PlanCode.Parse("coming-heat")] = Plan(Utility.Heat, null) with { FirstDay = Coming },
        [PlanCode.Parse("shops-electricity")] = Plan(Utility.Electricity, null, CustomerClass.Commercial),
        [PlanCode.Parse("shops-heat")] = Plan(Utility.Heat, null, CustomerClass.Commercial),
    });

    public static readonly OpenAccount Open = new(
        Number, Customer, Holder, Region.Parse("海淀区"), Project.Parse("阳光花园"), "北京市海淀区阳光花园3号楼1202室",
        CustomerClass.Residential, Opened,
        Electricity, Heat, Plans, Today, Key);

    public static readonly Contract Contract =
        new(Customer, "张*", Region.Parse("海淀区"), Project.Parse("阳光花园"), CustomerClass.Residential, Opened);

    public static readonly AccountOpened AccountOpened =
        new(Number, Contract, Key.SealAddress(Number, "北京市海淀区阳光花园3号楼1202室"), Electricity, Heat);

    private static PublishedPlan Plan(
        Utility utility, DateOnly? lastDay, CustomerClass serves = CustomerClass.Residential) =>
        new(utility, new HashSet<CustomerClass> { serves, CustomerClass.Agriculture }, new(2019, 4, 1), lastDay);
}
