using Billing.Testing;
using Dapper;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Billing.Identity.Tests;

/// <summary>Our migrations make the tables that Identity and OpenIddict expect.</summary>
public sealed class SchemaTests
{
    private const string Columns = """
        select table_name || '.' || column_name || ' ' || data_type || ' '
          || coalesce(character_maximum_length::text, '') || ' ' || is_nullable
        from information_schema.columns where table_schema = 'public'
        """;

    private const string Indexes = "select indexdef from pg_indexes where schemaname = 'public'";

    private const string Constraints = """
        select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
        where connamespace = 'public'::regnamespace
        """;

    [Fact]
    public async Task The_migrations_make_what_the_libraries_expect()
    {
        await using var expected = NpgsqlDataSource.Create(await Backend.EmptyDatabase());
        var services = new ServiceCollection().AddSingleton(expected);
        services.AddStore();
        services.AddIssuer();
        services.AddLogging();
        await using var provider = services.BuildServiceProvider();
        await using var scope = provider.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<IdentityStore>().Database;
        await database.GetService<IRelationalDatabaseCreator>().CreateTablesAsync();
        await using var made = NpgsqlDataSource.Create(await Backend.NewDatabase(typeof(IdentityStore).Assembly));

        foreach (var question in new[] { Columns, Indexes, Constraints })
        {
            var wanted = await Ask(expected, question);
            wanted.Should().HaveCountGreaterThan(8);
            (await Ask(made, question)).Should().Contain(wanted);
        }
    }

    private static async Task<List<string>> Ask(NpgsqlDataSource source, string question)
    {
        await using var connection = await source.OpenConnectionAsync();
        return (await connection.QueryAsync<string>(question)).AsList();
    }
}
