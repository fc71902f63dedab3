using System.Reflection;
using Npgsql;

namespace Billing.Platform;

/// <summary>
/// A step of a service's schema that SQL cannot make, such as the encryption of what is stored. It runs once, after
/// all scripts, as the owner of the database, and is journalled like a script; interrupted, it runs again, and must
/// then go on with what is left. Declaring one in a static field of a service registers it.
/// </summary>
/// <param name="Name">Its name in the journal: the service and a number that follows its scripts.</param>
/// <param name="Run">The work; the master keys are asked for only if it needs them.</param>
public sealed record SchemaStep(string Name, Func<NpgsqlDataSource, Func<MasterKeys>, CancellationToken, Task> Run)
{
    /// <summary>All steps that an assembly declares.</summary>
    public static IReadOnlyList<SchemaStep> In(Assembly assembly) =>
        [.. assembly.GetTypes().Where(type => !type.ContainsGenericParameters)
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .Where(field => field.FieldType == typeof(SchemaStep))
            .Select(field => (SchemaStep)field.GetValue(null)!).OrderBy(step => step.Name, StringComparer.Ordinal)];
}
