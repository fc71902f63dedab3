using System.Security.Cryptography;

namespace Billing.Conventions.Tests;

/// <summary>
/// A migration that has run somewhere is never run again, so it must never change: what it should have said is another
/// migration.
/// </summary>
public sealed class MigrationTests
{
    private const string Released = "docs/migrations.sha256";
    private const string HowToAdd =
        "sha256sum services/*/migrations/*.sql > " + Released + " adds the line of a new one";

    [Fact]
    public void A_migration_never_changes_once_it_is_written()
    {
        var released = Tree.Lines(Released).Where(line => line.Length > 0).Select(line => line.Split("  "))
            .ToDictionary(line => line[1], line => line[0]);
        Rule.Holds(
            from file in Tree.Files
            where file.Contains("/migrations/", StringComparison.Ordinal) && Path.GetExtension(file) == ".sql"
            let hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(Tree.Root, file))))
            let known = released.GetValueOrDefault(file)
            where known != hash
            select $"{file}: {(known is null ? $"not in {Released}" : "is not what it was when it was written")}",
            $"Write another migration; {HowToAdd}.");
        Rule.Holds(
            released.Keys.Where(file => !File.Exists(Path.Combine(Tree.Root, file))),
            "A migration is never taken away.");
    }
}
