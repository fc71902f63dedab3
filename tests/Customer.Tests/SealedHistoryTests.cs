using Billing.Platform;
using Billing.Testing;
using Npgsql;

namespace Billing.Customers.Tests;

/// <summary>What was stored in clear is encrypted once, however often that is begun.</summary>
public sealed class SealedHistoryTests
{
    private const int Customers = 1_500;

    /// <summary>Names as they were stored, which no code but this one writes any more.</summary>
    private const string OldHistory = $$"""
        insert into {{EventTables.Streams}} (id, type, version)
        select 'customer-C' || 90000000 + i, 'customer', 1 from generate_series(1, {0}) i
        union all select 'account-9000000001', 'account', 1;
        insert into {{EventTables.Events}} (seq_id, id, stream_id, version, data, type, timestamp, mt_dotnet_type)
        select i, gen_random_uuid(), 'customer-C' || 90000000 + i, 1, jsonb_build_object(
          'customer', 'C' || 90000000 + i, 'name', '令狐' || i, 'phone', '1880000' || i, 'kind', 'Person'),
          'customer-registered.' || 'v1', now(), ''
        from generate_series(1, {0}) i
        union all select {0} + 1, gen_random_uuid(), 'account-9000000001', 1, '{
          "account": "9000000001", "address": "黑木崖1号", "electricity": null, "heat": null, "contract": {
            "customer": "C90000001", "maskedName": "令*", "region": "海淀区", "project": "黑木崖", "class": "Residential",
            "openedOn": "2020-10-01"} }', 'account-opened.' || 'v1', now(), '';
        delete from schema_version where scriptname = 'customer/0004-history-is-sealed'
        """;

    [Fact]
    public async Task A_history_in_clear_is_sealed_and_an_interruption_costs_nothing()
    {
        var assembly = typeof(Program).Assembly;
        var connection = await Backend.NewDatabase(assembly);
        await using var source = Database.Source(connection, "sealing");
        var history = OldHistory.Replace("{0}", $"{Customers}", StringComparison.Ordinal);
        await using (var old = source.CreateCommand(history))
            await old.ExecuteNonQueryAsync();
        (await Dump.Of(connection)).Should().Contain("令狐7").And.Contain("黑木崖1号");

        var keyless = () => new Schema(source, assembly).Migrate();
        await keyless.Should().ThrowAsync<System.Security.Cryptography.CryptographicException>()
            .WithMessage("Billing:PersonalData:MasterKeys is not set*");
        (await new Schema(source, assembly).Difference())!.Lacks.Should().BeTrue("a service is not ready before");

        await ((Func<Task>)(() => Interrupted(source))).Should().ThrowAsync<PostgresException>().WithMessage("*power*");
        (await new StoredEvents(source).Count<CustomerRegistered>()).Should().Be(1_000, "a batch is kept");
        (await new Schema(source, assembly, [MasterKey.File]).Migrate()).Should()
            .Equal("customer/0004-history-is-sealed");
        (await new Schema(source, assembly, [MasterKey.File]).Migrate()).Should().BeEmpty();

        var events = new StoredEvents(source);
        (await events.Count<CustomerRegistered>(), await events.Count<AccountOpened>()).Should().Be((Customers, 1));
        (await Dump.Of(connection)).Should().NotContain("令狐").And.NotContain("18800007").And.NotContain("黑木崖1号");
        var key = await new CustomerKeys(source, MasterKeys.Read([MasterKey.File])).Find("C90000001");
        await foreach (var opened in events.Since<AccountOpened>())
            key!.OpenAddress(opened.Event.Account, opened.Event.Address).Should().Be("黑木崖1号");
        await using var found = source.CreateCommand("select count(*) from customer_search");
        (await found.ExecuteScalarAsync()).Should().Be((long)Customers);
    }

    /// <summary>The power fails in the second batch: a key of the last customer cannot be stored.</summary>
    private static async Task Interrupted(NpgsqlDataSource source)
    {
        await using (var fail = source.CreateCommand($"""
            create function fail() returns trigger language plpgsql as $$ begin raise exception 'power'; end $$;
            create trigger fail before insert on customer_keys for each row
              when (new.customer = 'C{90_000_000 + Customers}') execute function fail()
            """))
            await fail.ExecuteNonQueryAsync();
        try
        {
            await new Schema(source, typeof(Program).Assembly, [MasterKey.File]).Migrate();
        }
        finally
        {
            await using var repair = source.CreateCommand("drop function fail() cascade");
            await repair.ExecuteNonQueryAsync();
        }
    }
}
