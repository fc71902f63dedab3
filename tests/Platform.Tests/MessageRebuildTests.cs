using Billing.Rebuilding;
using Billing.Testing;
using FluentAssertions;
using Npgsql;

namespace Billing.Platform.Tests;

/// <summary>Tables of one service that follow from events of another, made again from these.</summary>
public sealed class MessageRebuildTests
{
    private static readonly OutboundMap Outbound = new OutboundMap().Pack<MoneyPutIn, PutInFact, PutInFacts>(
        (e, origin) => new(e.Slip, e.Fen, origin), items => new(items));

    private static readonly InboundMap Inbound = new InboundMap().Rows<OnPutIn>("effect");

    [Fact]
    public async Task Rows_that_follow_from_messages_are_made_again_from_the_publishers_events()
    {
        await using var sender = await Process.Start();
        await using var receiver = await Receiver();
        await Task.WhenAll(Enumerable.Range(0, 1200).Select(i => sender.PutIn($"p{i % 40}", $"s{i}")));
        await Ask(receiver, "insert into effect (slip) values ('of nobody'), ('s1'); select 0::bigint");
        var table = await Ask<string>(receiver, Shape);

        var facts = await Rebuild(sender, receiver);

        facts.Should().Be(1200);
        (await Ask(receiver, "select count(*) from effect where slip ~ '^s[0-9]+$'")).Should().Be(1200);
        (await Ask(receiver, "select count(*) from effect")).Should().Be(1200);
        (await Ask<string>(receiver, Shape)).Should().Be(table);
        (await Rebuild(sender, receiver)).Should().Be(1200);
    }

    /// <summary>
    /// A publisher that was set back records a fact again under the name it had, and so the message has its former id.
    /// </summary>
    [Fact]
    public async Task A_message_whose_effect_was_rebuilt_away_has_it_again_when_it_comes_again()
    {
        await using var sender = await Process.Start();
        await using var receiver = await Receiver();
        var message = Ids.Next();
        await Ask(receiver, $"""
            insert into inbox (consumer, message_id, items) values ('OnPutIn', '{message}', 7), ('Other', '{message}',
                1);
            insert into effect (slip) values ('lost'); select 0::bigint
            """);

        await Rebuild(sender, receiver);

        (await Ask(receiver, "select count(*) from effect")).Should().Be(0, "its publisher does not know it any more");
        (await Ask(receiver, $"select count(*) from inbox where consumer = 'OnPutIn' and message_id = '{message}'"))
            .Should().Be(0, "else the message would be skipped, and the fact missing for good");
        (await Ask(receiver, "select sum(items)::bigint from inbox where consumer = 'OnPutIn'")).Should().Be(7);
        (await Ask(receiver, "select count(*) from inbox where consumer = 'Other'")).Should().Be(1);
    }

    [Fact]
    public async Task Facts_that_are_published_and_applied_meanwhile_are_in_the_rebuilt_rows()
    {
        await using var sender = await Process.Start();
        await using var receiver = await Receiver();
        using var stop = new CancellationTokenSource();
        var written = 0L;
        var applied = 0L;
        var writing = Task.Run(async () =>
        {
            // As the relay and the consumer do: what is committed there has its effect here, whenever that is.
            for (; !stop.IsCancellationRequested; written++)
            {
                await sender.PutIn($"p{written % 30}", $"s{written}");
                applied += await Ask(receiver, $"""
                    with fresh as (insert into effect (slip) values ('s{written}') on conflict do nothing returning 1)
                    select count(*) from fresh
                    """);
            }
        });

        for (var i = 0; i < 5; i++)
            await Rebuild(sender, receiver);
        await stop.CancelAsync();
        await writing;

        written.Should().BePositive();
        (await Ask(receiver, "select count(*) from effect")).Should().Be(written);
        applied.Should().BePositive("some effects came before the rebuild knew the fact, and some after");
    }

    [Fact]
    public async Task A_consumer_that_needs_a_table_its_map_does_not_name_is_refused_and_nothing_changes()
    {
        await using var sender = await Process.Start();
        await using var receiver = await Receiver();
        await sender.PutIn("p", "s1");
        await Ask(receiver, "create table other (id int primary key); select 0::bigint");

        var rebuild = () => Rebuild(sender, receiver, new InboundMap().Rows<OnPutIn>("other"));

        (await rebuild.Should().ThrowAsync<PostgresException>()).Which.MessageText.Should().Contain("effect");
        (await Ask(receiver, "select count(*) from effect")).Should().Be(0);
        (await Rebuild(sender, receiver)).Should().Be(1);
    }

    [Fact]
    public async Task Tables_of_one_database_are_rebuilt_by_one_at_a_time()
    {
        await using var sender = await Process.Start();
        await using var receiver = await Receiver();
        await using var other = await receiver.OpenConnectionAsync();
        await Say($"select pg_advisory_lock({AdvisoryLock.Rebuild})");

        var rebuild = () => Rebuild(sender, receiver);
        await rebuild.Should().ThrowAsync<InvalidOperationException>().WithMessage("*rebuilt already*");

        await Say($"select pg_advisory_unlock({AdvisoryLock.Rebuild})");
        (await Rebuild(sender, receiver)).Should().Be(0);

        async Task Say(string sql)
        {
            await using var command = new NpgsqlCommand(sql, other);
            await command.ExecuteNonQueryAsync();
        }
    }

    [Fact]
    public void Who_writes_rows_says_into_which_tables()
    {
        var silent = () => new InboundMap().Events<OnPutIn>();

        silent.Should().Throw<ArgumentException>().WithMessage("*OnPutIn*");
    }

    private const string Shape = """
        select concat_ws(' | ', relacl::text, reloptions::text,
          (select string_agg(pg_get_constraintdef(oid) || conname, ',') from pg_constraint where conrelid = c.oid),
          (select string_agg(pg_get_indexdef(indexrelid), ',' order by indexrelid::regclass::text) from pg_index
            where indrelid = c.oid))
        from pg_class c where oid = 'public.effect'::regclass
        """;

    private static Task<long> Rebuild(Process sender, NpgsqlDataSource receiver, InboundMap? inbound = null) =>
        new MessageRebuild(receiver, inbound ?? Inbound, [new(sender.Source, Process.Streams, Outbound)]).Run();

    private static async Task<NpgsqlDataSource> Receiver()
    {
        var source = Database.Source(await Backend.NewDatabase(), "receiver");
        await Ask(source, """
            create table effect (slip text primary key, times integer not null default 1, trace text)
              with (fillfactor = 70);
            create unique index effect_trace on effect (trace, slip) where trace is not null;
            grant select on effect to pg_monitor, public;
            select 0::bigint
            """);
        return source;
    }

    private static Task<long> Ask(NpgsqlDataSource source, string sql) => Ask<long>(source, sql);

    private static async Task<T> Ask<T>(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
