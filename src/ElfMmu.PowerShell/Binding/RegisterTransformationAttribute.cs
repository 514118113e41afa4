using System.Collections;
using System.Management.Automation;

namespace ElfMmu.PowerShell.Binding;

/// <summary>Checks a table of registers (<c>@{ dacr = 0x55555555 }</c>) as it is bound; values are typed like addresses.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RegisterTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        if ((inputData is PSObject wrapped ? wrapped.BaseObject : inputData) is IDictionary table)
        {
            _ = Read(table);
        }

        return inputData;
    }

    /// <summary>The registers of a table.</summary>
    /// <exception cref="ArgumentTransformationMetadataException">A value isn't a number of 64 bits.</exception>
    internal static RegisterSet Read(IDictionary? table)
    {
        var registers = new List<KeyValuePair<string, ulong>>();
        foreach (DictionaryEntry entry in table ?? new Hashtable())
        {
            if (!AddressConverter.TryConvert(entry.Value, out ulong value))
            {
                throw new ArgumentTransformationMetadataException(
                    $"'{entry.Value}' isn't the value of a register ({entry.Key}): a whole number from 0 to 0xffffffffffffffff.");
            }

            registers.Add(new(entry.Key.ToString() ?? "", value));
        }

        return new RegisterSet(registers);
    }
}
