using System.Management.Automation;

namespace ElfMmu.PowerShell.Binding;

/// <summary>Makes a <see cref="DumpArgument"/> of what is given to a parameter, or says in one sentence what could be given.</summary>
public sealed class DumpArgumentConverter : PSTypeConverter
{
    /// <inheritdoc/>
    public override bool CanConvertFrom(object sourceValue, Type destinationType) => destinationType == typeof(DumpArgument);

    /// <inheritdoc/>
    public override object ConvertFrom(object sourceValue, Type destinationType, IFormatProvider formatProvider, bool ignoreCase) =>
        DumpArgument.From(sourceValue);

    /// <inheritdoc/>
    public override bool CanConvertTo(object sourceValue, Type destinationType) => false;

    /// <inheritdoc/>
    public override object ConvertTo(object sourceValue, Type destinationType, IFormatProvider formatProvider, bool ignoreCase) =>
        throw new PSInvalidCastException();
}
