using System.Data;
using Billing.Contracts;
using Dapper;

namespace Billing.Platform;

/// <summary>Text columns that Dapper reads into identifiers, as they were written.</summary>
internal static class IdentifierColumns
{
    /// <summary>Registers every identifier of the contracts.</summary>
    public static void Register()
    {
        foreach (var type in typeof(IIdentifier<>).Assembly.GetExportedTypes().Where(Identifier.IsOne))
        {
            SqlMapper.AddTypeHandler(
                type, (SqlMapper.ITypeHandler)Activator.CreateInstance(typeof(Column<>).MakeGenericType(type))!);
        }
    }

    private sealed class Column<T> : SqlMapper.TypeHandler<T>
        where T : struct, IIdentifier<T>
    {
        public override T Parse(object value) => T.Wrap((string)value);

        public override void SetValue(IDbDataParameter parameter, T value) => parameter.Value = value.Value;
    }
}
