using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace ElfMmu.PowerShell.Binding;

/// <summary>Lets patterns of bytes be text in hexadecimal, several of them, or the bytes of one as numbers.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BytePatternTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? inner = Base(inputData);
        object?[] items = inner is IList list ? [.. list.Cast<object?>().Select(Base)] : [inner];
        return items.Length == 0 || items.All(i => i is string)
            ? inputData
            : string.Join(' ', items.Select(Byte));
    }

    private static object? Base(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private static string Byte(object? value) => AddressConverter.TryConvert(value, out ulong number) && number <= byte.MaxValue
        ? number.ToString("x2", CultureInfo.InvariantCulture)
        : throw new ArgumentTransformationMetadataException(
            $"'{value}' isn't a byte. Write bytes as text in hexadecimal ('48 8b ?? 05'), or as numbers from 0 to 255 (0x48, 0x8b).");
}
