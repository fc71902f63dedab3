using Billing.Rebuilding;
using Billing.Testing;
using FluentAssertions;
using Npgsql;

namespace Billing.Platform.Tests;

/// <summary>The schema is a row of versions, changed by its owner and by nobody else.</summary>
public sealed class SchemaTests
{
    [Fact]
    public async Task A_database_is_migrated_once_however_many_try()
    {
        var connection = await Backend.EmptyDatabase();
        await using var source = NpgsqlDataSource.Create(connection);

        var done = await Task.WhenAll(Enumerable.Range(0, 4).Select(
            _ => Task.Run(() => new Schema(source, typeof(TestAccount).Assembly).Migrate())));

        done.Count(steps => steps.Count > 0).Should().Be(1);
        done.Single(steps => steps.Count > 0).Should().Contain(
            step => step.StartsWith("marten-")).And.Contain("platform/0002-leases-and-work");
        (await new Schema(source, typeof(TestAccount).Assembly).Difference()).Should().BeNull();
        (await new Schema(source, typeof(TestAccount).Assembly).Patch()).Should().BeEmpty();
    }

    [Fact]
    public async Task What_would_be_done_can_be_read_before_and_done_by_hand()
    {
        var connection = await Backend.EmptyDatabase();
        await using var source = NpgsqlDataSource.Create(connection);
        var schema = new Schema(source, typeof(TestAccount).Assembly);

        var patch = await schema.Patch();

        patch.Should().Contain("mt_events").And.Contain("create table if not exists inbox");
        (await Ask(source, "select to_regclass('mt_events') is null and to_regclass('inbox') is null")).Should()
            .Be(true, "nothing is changed");
        await using (var byHand = source.CreateCommand(patch))
            await byHand.ExecuteNonQueryAsync();
        (await schema.Migrate()).Should().NotBeEmpty("the journal does not know of it, and every step can be repeated");
        (await schema.Difference()).Should().BeNull();
    }

    [Fact]
    public async Task A_service_says_what_its_database_lacks_and_is_ready_once_it_is_there()
    {
        var connection = await Backend.NewDatabase(typeof(SchemaTests).Assembly);
        await using var source = NpgsqlDataSource.Create(connection);
        await Run(source, "delete from schema_version where scriptname = 'platform/0003-snapshots'");
        await using var app = BillingService.Create(
            ["--urls=http://127.0.0.1:0", $"--Billing:Postgres={connection}",
                $"--Billing:RabbitMq={await Backend.NewVirtualHost()}", .. TestTokens.Settings],
            "lacking", typeof(SchemaTests).Assembly).Build();
        await app.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        var ready = new Uri("/health/ready", UriKind.Relative);

        var answer = await http.GetAsync(ready);
        ((int)answer.StatusCode).Should().Be(503);
        (await answer.Content.ReadAsStringAsync()).Should().Contain(
            "schema: the schema lacks platform/0003-snapshots; ./billing migrate brings it up to date");

        await new Schema(source, typeof(SchemaTests).Assembly).Migrate();
        await Eventually.Holds(async () => (await http.GetAsync(ready)).IsSuccessStatusCode, "it is ready");
        await Run(source, "insert into schema_version (scriptname, applied) values ('platform/9999-later', now())");
        var newer = await http.GetAsync(ready);
        ((int)newer.StatusCode, await newer.Content.ReadAsStringAsync()).Should().Be((200,
            "Degraded\nschema: the database is newer than this program: it has platform/9999-later"),
            "while a new version is rolled out the old one goes on");
        await app.StopAsync();
    }

    [Fact]
    public async Task What_was_taken_from_martens_tables_is_noticed_and_put_right()
    {
        var connection = await Backend.NewDatabase(typeof(TestAccount).Assembly);
        await using var source = NpgsqlDataSource.Create(connection);
        var schema = new Schema(source, typeof(TestAccount).Assembly);
        (await schema.MartenDifference()).Should().BeNull();

        await Run(source, "drop index pk_mt_events_stream_and_version");

        (await schema.MartenDifference())!.Text.Should().Contain("./billing migrate");
        var role = new NpgsqlConnectionStringBuilder(connection).Username;
        (await schema.Patch(role)).Should().Contain("pk_mt_events_stream_and_version").And.Contain("grant usage");
        (await schema.Migrate(role)).Should().Equal("marten: tables put right");
        (await schema.MartenDifference()).Should().BeNull();
        (await schema.Patch(role)).Should().BeEmpty();
        (await Ask(source, "select to_regclass('pk_mt_events_stream_and_version') is not null")).Should().Be(true);
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_recognised()
    {
        var connection = await Backend.NewDatabase(typeof(SchemaTests).Assembly);
        await using var source = NpgsqlDataSource.Create(connection);
        await Run(source, "insert into schema_version (scriptname, applied) values ('platform/9999-later', now())");

        (await new Schema(source, typeof(SchemaTests).Assembly).Difference()).Should().Be(new SchemaDifference(
            "the database is newer than this program: it has platform/9999-later", Lacks: false));
    }

    [Fact]
    public async Task The_service_may_add_events_and_neither_change_nor_delete_them()
    {
        var admin = new NpgsqlConnectionStringBuilder(await Backend.EmptyDatabase());
        var (owner, service) = ($"{admin.Database}_owner", $"{admin.Database}_service");
        await using var server = NpgsqlDataSource.Create(admin);
        await Run(server, $"""
            create role {owner} login password 'x'; create role {service} login password 'x';
            grant {service} to {owner}; alter database {admin.Database} owner to {owner}
            """);
        await using var owning = NpgsqlDataSource.Create(As(admin, owner));
        await new Schema(owning, typeof(TestAccount).Assembly).Migrate(service);
        await Run(owning, TestAccount.Schema);

        await using (var process = await Process.Start(As(admin, service)))
        {
            (await process.PutIn("a", "s1", 5)).Changed.Should().BeTrue();
            await process.Store.Bulk(["purse-b"], async session =>
            {
                await session.Load(TestAccount.Type);
                session.Append(TestAccount.Stream("b"), TestAccount.Type.Fold([]), [new MoneyPutIn("s2", 1)]);
                return 0;
            });
            using var host = await process.Follow(new Nothing());
            await Eventually.Is(
                2L, () => process.Ask<long>("select coalesce(max(last_seq_id), 0) from mt_event_progression"),
                "the progress");
            await host.StopAsync(default);
            await process.Run("create table work.draft_x (n int); drop table work.draft_x");
            foreach (var forbidden in new[]
            {
                "update mt_events set data = '{}'", "delete from mt_events", "truncate mt_events cascade",
                "delete from mt_streams", "update personal_data_reads set reason = ''",
                "delete from personal_data_reads", "alter table mt_events add column x int", "drop table purse",
                "create table mine (n int)", "insert into schema_version (scriptname, applied) values ('x', now())",
                "alter table mt_events disable trigger all", "drop schema public cascade",
                "update audit_trail set actor = 'x'", "delete from audit_trail", "truncate audit_trail",
                "update audit_block set rows = 1", "delete from audit_block", "update audit_digest set hash = ''",
            })
            {
                var attempt = () => process.Run(forbidden);
                (await attempt.Should().ThrowAsync<PostgresException>(forbidden)).Which.SqlState.Should().Be("42501");
            }
        }
        await Rebuild.Run(owning, TestAccount.Type);
        await using var again = await Process.Start(As(admin, service));
        (await again.PutIn("a", "s3", 5)).Changed.Should().BeTrue("what was rebuilt is the service's to write, too");
    }

    private static string As(NpgsqlConnectionStringBuilder admin, string role) =>
        new NpgsqlConnectionStringBuilder(admin.ConnectionString) { Username = role, Password = "x" }.ConnectionString;

    private static async Task Run(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<object?> Ask(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private sealed class Nothing() : Subscription("Nothing")
    {
        protected override Task Handle(
            IReadOnlyList<StoredEvent> events, Marten.IDocumentOperations page, CancellationToken stopping) =>
            Task.CompletedTask;
    }
}
