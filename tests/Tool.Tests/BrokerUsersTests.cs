using Billing.Contracts;
using Billing.Contracts.Customer;
using Billing.Contracts.Invoicing;
using Billing.Contracts.Payments;
using Billing.Testing;
using FluentAssertions;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Xunit;

namespace Billing.Tools.Tests;

/// <summary>What each service may do at the broker, on a real one.</summary>
public sealed class BrokerUsersTests : IAsyncLifetime
{
    private Uri _host = null!;

    public async Task InitializeAsync() => _host = await Backend.NewVirtualHost();

    public Task DisposeAsync() => Backend.DropVirtualHost(_host);

    [Fact]
    public async Task Services_work_together_each_as_a_user_of_its_own()
    {
        await using var customer = await Running.Start(Customers.Program.Build, await As("customer"));
        await using var payments = await Running.Start(Billing.Payments.Program.Build, await As("payments"));

        await customer.App.Services.GetRequiredService<IBus>().Publish(new AccountsChanged([new(
            AccountNo.Parse("1000000001"), CustomerNo.Parse("C10000001"), "张*", Region.Parse("海淀区"),
            Project.Parse("阳光花园"), CustomerClass.Residential, null, null, new(2020, 1, 1),
            new(Guid.Empty, 1, 1, DateTimeOffset.UnixEpoch))]));

        await Eventually.Is(
            1L,
            async () =>
            {
                await using var command = payments.Source.CreateCommand("select count(*) from account");
                return (long)(await command.ExecuteScalarAsync())!;
            },
            "the number of accounts known to Payments");
    }

    [Fact]
    public async Task A_service_cannot_make_up_the_facts_of_another_nor_read_its_queues()
    {
        await using var customer = await Running.Start(Customers.Program.Build, await As("customer"));
        await using var payments = await Running.Start(Billing.Payments.Program.Build, await As("payments"));

        (await Attempt("payments", channel => channel.BasicPublishAsync(
            NameOf<InvoicesIssued>(), "", body: ReadOnlyMemory<byte>.Empty).AsTask())).Should().Contain("refused");
        (await Attempt("payments", channel => channel.BasicPublishAsync(
            NameOf<AccountsChanged>(), "", body: ReadOnlyMemory<byte>.Empty).AsTask())).Should().Contain("refused");
        (await Attempt("payments", channel => channel.BasicPublishAsync(
            NameOf<PaymentsReceived>(), "", body: ReadOnlyMemory<byte>.Empty).AsTask()))
            .Should().BeNull("it publishes what it records");
        (await Attempt("payments", channel => channel.BasicGetAsync("customer.on-plan-published", true)))
            .Should().Contain("refused");
        (await Attempt("payments", channel => channel.QueuePurgeAsync("customer.on-plan-published")))
            .Should().Contain("refused");
        (await Attempt("payments", channel => channel.QueueDeclareAsync("mine", false, false, true)))
            .Should().Contain("refused");
    }

    [Fact]
    public void Every_service_reads_only_what_its_map_names()
    {
        var collections = BrokerUsers.Of(ServiceModel.All.Single(service => service.Name == "collections"));
        var identity = BrokerUsers.Of(ServiceModel.All.Single(service => service.Name == "identity"));

        collections.Read.Should().Contain("InvoicesIssued").And.NotContain("AccountsChanged");
        collections.Write.Should().NotContain("InvoicesIssued");
        identity.Read.Should().NotContain("Invoicing").And.NotContain("Customer");
        identity.Write.Should().NotContain("Invoicing").And.NotContain("Customer");
    }

    private static string NameOf<TMessage>() => $"{typeof(TMessage).Namespace}:{typeof(TMessage).Name}";

    /// <summary>The broker's address for a service's own user.</summary>
    private async Task<Uri> As(string service)
    {
        using var page = new BrokerPage(_host, Backend.Management);
        var user = $"{service}-{_host.AbsolutePath.Trim('/')}";
        await page.PutUser(user, "secret", default);
        await page.Permit(user, BrokerUsers.Of(ServiceModel.All.Single(model => model.Name == service)), default);
        (await page.Permit(user, BrokerUsers.Of(ServiceModel.All.Single(model => model.Name == service)), default))
            .Should().BeFalse("nothing is left to do");
        return new UriBuilder(_host) { UserName = user, Password = "secret" }.Uri;
    }

    /// <summary>What the broker says to an attempt; null when it is done.</summary>
    private async Task<string?> Attempt(string service, Func<IChannel, Task> attempt)
    {
        var factory = new ConnectionFactory { Uri = await As(service) };
        await using var connection = await factory.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        try
        {
            await attempt(channel);
            return null;
        }
        catch (RabbitMQClientException e)
        {
            return e.Message;
        }
    }
}
