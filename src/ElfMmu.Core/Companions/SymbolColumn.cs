namespace ElfMmu.Companions;

/// <summary>What is said of a symbol, whatever a table or an object calls it.</summary>
public enum SymbolColumn
{
    /// <summary>Its name.</summary>
    Name,

    /// <summary>Its address.</summary>
    Address,

    /// <summary>Its size in bytes.</summary>
    Size,

    /// <summary>What it names, as ELF, nm or a person calls it.</summary>
    Type,

    /// <summary>How far it can be seen.</summary>
    Binding,

    /// <summary>Whether others may use it.</summary>
    Visibility,

    /// <summary>Its section.</summary>
    Section,

    /// <summary>The module it belongs to.</summary>
    Module,

    /// <summary>The file of source.</summary>
    File,

    /// <summary>The line in that file.</summary>
    Line,

    /// <summary>Its type in C.</summary>
    DataType,

    /// <summary>What its stack frame looks like.</summary>
    Frame,
}
