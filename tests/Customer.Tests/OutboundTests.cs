using System.Text.Json;
using Billing.Contracts;
using Billing.Contracts.Customer;
using Billing.Platform;

namespace Billing.Customers.Tests;

public sealed class OutboundTests
{
    private static readonly DateTimeOffset At = new(2026, 10, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_opened_account_goes_out_as_a_whole_and_masked()
    {
        var item = Publish(Given.AccountOpened);

        item.Account.Should().Be(Given.Number);
        item.Customer.Should().Be(Given.Customer);
        item.MaskedName.Should().Be("张*");
        (item.Region.Value, item.Project.Value, item.Class, item.OpenedOn)
            .Should().Be(("海淀区", "阳光花园", CustomerClass.Residential, Given.Opened));
        item.Electricity!.Meters.Should().Equal(new Contracts.Customer.Meter(MeterNo.Parse("M00000001"), 1m, 6, false));
        item.Electricity.Plan.Value.Should().Be("beijing-residential-electricity");
        item.Electricity.Voltage.Should().Be("<1kV");
        item.Heat.Should().Be(
            new Contracts.Customer.HeatSupply(PlanCode.Parse("beijing-residential-heat"), 89.5m, null, "住宅", false));
        (item.Origin.Sequence, item.Origin.Version).Should().Be((7, 3));
        item.Since.Should().Be(Given.Opened);
    }

    [Fact]
    public void A_changed_supply_goes_out_as_a_whole()
    {
        var heat = Given.Heat with { BillingAreaM2 = 88.2m };
        var item = Publish(
            new SupplyChanged(Given.Number, Given.Contract, Utility.Heat, new(2026, 5, 1), Given.Electricity, heat));

        item.Heat!.BillingAreaM2.Should().Be(88.2m);
        item.Electricity.Should().NotBeNull();
        item.MaskedName.Should().Be("张*");
        item.Since.Should().Be(new DateOnly(2026, 5, 1), "others have to know when a meter went");
    }

    [Fact]
    public void Personal_data_stays_here()
    {
        var json = JsonSerializer.Serialize(Publish(Given.AccountOpened), Wire.Stored);

        json.Should().NotContain("张伟").And.NotContain("138").And.NotContain("1202");
        Outbound.Map.IsPublic(StoredAsAttribute.NameOf(typeof(CustomerRegistered))).Should().BeFalse();
    }

    private static AccountChanged Publish<T>(T @event)
        where T : notnull
    {
        var name = StoredAsAttribute.NameOf(typeof(T));
        var stored = new StoredEvent(7, Guid.Empty, "account-1000000001", 3, name, @event, At, null);
        return ((AccountsChanged)Outbound.Map.Messages([stored], Epochs.None).Single().Body).Items.Single();
    }
}
