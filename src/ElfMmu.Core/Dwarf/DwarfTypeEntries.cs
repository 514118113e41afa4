namespace ElfMmu.Dwarf;

/// <summary>Writes the entries of types (DWARF 5, chapter 5).</summary>
internal sealed class DwarfTypeEntries(DwarfEntries entries, DwarfTarget target)
{
    public void Write(DwarfType type)
    {
        switch (type)
        {
            case DwarfBaseType basic:
                entries.BeginType(DwTag.BaseType, type);
                entries.OptionalText(DwAttribute.Name, type.Name);
                entries.Unsigned(DwAttribute.ByteSize, basic.Size);
                entries.Data1(DwAttribute.Encoding, (int)basic.Encoding);
                entries.End();
                break;
            case DwarfPointerType pointer:
                entries.BeginType(DwTag.PointerType, type);
                entries.Unsigned(DwAttribute.ByteSize, pointer.Size ?? (ulong)target.AddressSize);
                entries.Type(pointer.Target);
                entries.End();
                break;
            case DwarfTypedef typedef:
                entries.BeginType(DwTag.Typedef, type);
                entries.OptionalText(DwAttribute.Name, type.Name);
                entries.Type(typedef.Target);
                entries.End();
                break;
            case DwarfQualifiedType qualified:
                entries.BeginType(
                    qualified.Qualifier switch
                    {
                        DwarfQualifier.Const => DwTag.ConstType,
                        DwarfQualifier.Volatile => DwTag.VolatileType,
                        _ => DwTag.RestrictType,
                    },
                    type);
                entries.Type(qualified.Target);
                entries.End();
                break;
            case DwarfArrayType array:
                Array(array);
                break;
            case DwarfStructType structure:
                Structure(structure);
                break;
            case DwarfEnumType enumeration:
                Enumeration(enumeration);
                break;
            case DwarfFunctionType function:
                entries.BeginType(DwTag.SubroutineType, type, function.Parameters.Count > 0 || function.IsVariadic);
                entries.Flag(DwAttribute.Prototyped, function.IsPrototyped);
                entries.Type(function.ReturnType);
                entries.End();
                Parameters(function, areReal: false);
                break;
        }
    }

    /// <summary>The children of a function or of a function's type, and their end; nothing where there are none.</summary>
    public void Parameters(DwarfFunctionType function, bool areReal)
    {
        foreach (DwarfParameter parameter in function.Parameters)
        {
            entries.Begin(DwTag.FormalParameter);
            if (areReal)
            {
                entries.OptionalText(DwAttribute.Name, parameter.Name);
            }

            entries.Type(parameter.Type);
            if (areReal && parameter.Location != null)
            {
                entries.Location(parameter.Location, parameter.Name ?? "");
            }

            entries.End();
        }

        if (function.IsVariadic)
        {
            entries.Begin(DwTag.UnspecifiedParameters);
            entries.End();
        }

        if (!areReal && (function.Parameters.Count > 0 || function.IsVariadic))
        {
            entries.EndChildren();
        }
    }

    private void Array(DwarfArrayType array)
    {
        entries.BeginType(DwTag.ArrayType, array, hasChildren: true);
        entries.Type(array.Element);
        entries.End();
        foreach (ulong? count in array.Counts)
        {
            entries.Begin(DwTag.SubrangeType);
            if (count == 0)
            {
                // An upper bound of -1 would be read as a large one.
                entries.Unsigned(DwAttribute.Count, 0);
            }
            else if (count is { } known)
            {
                entries.Unsigned(DwAttribute.UpperBound, known - 1);
            }

            entries.End();
        }

        entries.EndChildren();
    }

    private void Structure(DwarfStructType structure)
    {
        bool isComplete = structure.Size != null;
        if (!isComplete && structure.Members.Count > 0)
        {
            throw DwarfErrors.Value($"'{structure}' has members and no size", "set its size");
        }

        bool hasMembers = structure.Members.Count > 0;
        entries.BeginType(
            structure.Kind == DwarfStructKind.Union ? DwTag.UnionType : DwTag.StructureType, structure, hasMembers);
        entries.OptionalText(DwAttribute.Name, structure.Name);
        if (structure.Size is { } size)
        {
            entries.Unsigned(DwAttribute.ByteSize, size);
        }

        entries.Flag(DwAttribute.Declaration, !isComplete);
        if (target.Version >= 5 && structure.Alignment is { } alignment)
        {
            entries.Unsigned(DwAttribute.Alignment, alignment);
        }

        entries.End();
        foreach (DwarfMember member in structure.Members)
        {
            Member(structure, member);
        }

        if (hasMembers)
        {
            entries.EndChildren();
        }
    }

    private void Member(DwarfStructType structure, DwarfMember member)
    {
        entries.Begin(DwTag.Member);
        entries.OptionalText(DwAttribute.Name, member.Name);
        entries.Type(member.Type);
        if (member.BitSize is { } bits)
        {
            entries.Unsigned(DwAttribute.BitSize, bits);
            entries.Unsigned(DwAttribute.DataBitOffset, member.BitOffset);
        }
        else if (structure.Kind == DwarfStructKind.Struct || member.Offset > 0)
        {
            entries.Unsigned(DwAttribute.DataMemberLocation, member.Offset);
        }

        entries.End();
    }

    private void Enumeration(DwarfEnumType enumeration)
    {
        bool hasValues = enumeration.Enumerators.Count > 0;
        if (enumeration.Size == null && hasValues)
        {
            throw DwarfErrors.Value($"'{enumeration}' has values and no size", "set its size");
        }

        entries.BeginType(DwTag.EnumerationType, enumeration, hasValues);
        entries.OptionalText(DwAttribute.Name, enumeration.Name);
        if (enumeration.Size is { } size)
        {
            entries.Unsigned(DwAttribute.ByteSize, size);
        }

        entries.Flag(DwAttribute.Declaration, enumeration.Size == null);
        entries.Type(enumeration.Underlying);
        entries.End();
        foreach (DwarfEnumerator enumerator in enumeration.Enumerators)
        {
            entries.Begin(DwTag.Enumerator);
            entries.Text(DwAttribute.Name, enumerator.Name);
            entries.Number(DwAttribute.ConstValue, enumerator.Value, enumerator.Name);
            entries.End();
        }

        if (hasValues)
        {
            entries.EndChildren();
        }
    }
}
