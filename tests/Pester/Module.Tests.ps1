BeforeAll {
    . $PSScriptRoot/Common.ps1
    $sample = Get-SampleDump
    $small = New-SmallDump "$TestDrive/small.bin"
    $get = @{ Root = 0x1000ul; Mode = 'ia32e' }
    $names = 'Close-MemoryDump', 'Compare-PageTableMapping', 'Compress-Interval', 'Convert-MemoryDump', 'Expand-ElfImage', 'Export-ElfCore', 'Export-ElfSymbol', 'Find-MappedImage', 'Find-PageTableRoot', 'Get-ElfDynamic', 'Get-ElfHashTable', 'Get-ElfHeader', 'Get-ElfNote', 'Get-ElfRelocation', 'Get-ElfSection', 'Get-ElfSegment', 'Get-ElfString', 'Get-ElfSymbol', 'Get-MemoryDump', 'Get-PageTable', 'Get-PageTableMapping', 'Get-PagingMode', 'Open-MemoryDump', 'Read-VirtualMemory', 'Resolve-PhysicalAddress', 'Resolve-VirtualAddress', 'Search-VirtualMemory', 'Show-AddressSpace', 'Test-ElfFile'
}

Describe 'The module' {
    It 'has a valid manifest' {
        $manifest = Test-ModuleManifest $modulePath
        $manifest.Name | Should -Be 'ElfMmu'
        $manifest.ExportedCmdlets.Keys | Sort-Object | Should -Be $names
        $manifest.CompatiblePSEditions | Should -Be 'Core'
        $manifest.Description | Should -Not -BeNullOrEmpty
        $manifest.PrivateData.PSData.Tags | Should -Contain 'forensics'
    }

    It 'exports its cmdlets and nothing else' {
        Invoke-Fresh { (Import-Module $args[0] -PassThru).ExportedCommands.Keys } | Sort-Object | Should -Be $names
        $module = Get-Module ElfMmu
        $module.ExportedFunctions.Count + $module.ExportedAliases.Count + $module.ExportedVariables.Count | Should -Be 0
    }

    It 'uses approved verbs and warns of nothing at import' {
        Invoke-Fresh { Import-Module $args[0] 3>&1 } | Should -BeNullOrEmpty
        (Get-Command -Module ElfMmu).Verb | Where-Object { $_ -notin (Get-Verb).Verb } | Should -BeNullOrEmpty
    }

    It 'declares what its cmdlets emit' {
        foreach ($command in Get-Command -Module ElfMmu) {
            $command.OutputType | Should -Not -BeNullOrEmpty -Because $command.Name
        }
    }

    It 'doesn''t bring an assembly of PowerShell''s along' {
        Get-ChildItem (Split-Path $modulePath) -Recurse -Filter System.Management.Automation* | Should -BeNullOrEmpty
    }

    It 'works after being removed and imported again' {
        Invoke-Fresh {
            Import-Module $args[0]
            Remove-Module ElfMmu
            Import-Module $args[0]
            (Get-PageTableMapping $args[1] -Root 0x1000 -Mode ia32e).Count
        } $small | Should -Be 4
    }

    It 'works the same in another culture' {
        Invoke-Fresh {
            [cultureinfo]::CurrentCulture = 'tr-TR'
            Import-Module $args[0]
            Get-PageTableMapping $args[1] -Root 0x1000 -Mode IA32E -Rights 'R' | ForEach-Object ToString
        } $small | Should -Be (Get-PageTableMapping $small @get | ForEach-Object ToString)
    }
}

Describe 'YamlDotNet' {
    BeforeAll {
        $folder = (New-Item -ItemType Directory "$TestDrive/yaml").FullName
        New-RawSample $folder
    }

    It 'is loaded by a machine description, and not before' {
        $loaded = Invoke-Fresh {
            function Get-Yaml { @([AppDomain]::CurrentDomain.GetAssemblies() |
                Where-Object { $_.GetName().Name -match 'Yaml' }).Count }
            Import-Module $args[0]
            Get-Yaml
            $null = Get-PageTableMapping $args[1] -MaximumCount 1
            $null = Get-PageTableMapping $args[1] -MaximumCount 1 | Export-ElfCore $args[3]
            Get-Yaml
            $null = Get-PageTableMapping $args[2] -MaximumCount 1
            Get-Yaml
        } $sample, "$folder/machine.yaml", "$folder/x.elf"
        $loaded[0..1] | Should -Be 0, 0
        $loaded[2] | Should -BeGreaterThan 0
    }

    It 'of another module and another version is no hindrance' {
        $result = Invoke-Fresh {
            # Add-Type -OutputAssembly would give the assembly a name of its own choice.
            $fake = "$($args[3])/YamlDotNet.dll"
            $assembly = [System.Reflection.Emit.PersistedAssemblyBuilder]::new(
                [System.Reflection.AssemblyName]'YamlDotNet, Version=1.2.3.4', [object].Assembly)
            $type = $assembly.DefineDynamicModule('YamlDotNet').DefineType('YamlDotNet.Serialization.Deserializer', 'Public, Class')
            $null = $type.CreateType()
            $assembly.Save($fake)
            Add-Type -Path $fake
            Import-Module $args[0]
            (Get-PageTableMapping $args[2] -MaximumCount 1).Mode
            [YamlDotNet.Serialization.Deserializer].Assembly.GetName().Version.ToString()
            @([AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -eq 'YamlDotNet' }).Count
        } $sample, "$folder/machine.yaml", $folder
        $result | Should -Be 'ia32e', '1.2.3.4', 2
    }
}

Describe 'What is shown' {
    BeforeAll {
        $rendering = $PSStyle.OutputRendering
        $PSStyle.OutputRendering = 'PlainText'
    }

    AfterAll { $PSStyle.OutputRendering = $rendering }

    It 'is a table of hexadecimal addresses under a line with the root' {
        $lines = (Get-PageTableMapping $sample -MinimumAddress 0x100000000000 -MaximumCount 2 |
            Out-String -Width 120) -split '\r?\n' |
            Where-Object { $_ }
        $lines[0].Trim() | Should -Be "Root: 0x904000 (ia32e) in $sample"
        $lines[1] | Should -Match '^VirtualAddress +Size PhysicalAddress +PageSize Super User Kind$'
        $lines[3] | Should -Match '^0x0000100000000000 +0x[0-9a-f]+ 0x[0-9a-f]{12} +0x1000 rw-   rw-  Ram$'
        $lines | ForEach-Object { $_.Length } | Measure-Object -Maximum | ForEach-Object Maximum | Should -BeLessOrEqual 120
    }

    It 'fits 80 columns' {
        $lines = (Get-PageTableMapping $small @get | Out-String -Width 80) -split '\r?\n' | Where-Object { $_ -match '^0x' }
        $lines | Should -HaveCount 4
        $lines[3] | Should -Match '^0xffff888000000000 +0x2000 0x00000000d000 +0x1000 rw-   ---  Ram$'
    }

    It 'has a line for each address space' {
        $text = 0x904000ul, 0x942000ul | ForEach-Object { Get-PageTableMapping $sample -Root $_ -MaximumCount 2 } |
            Out-String -Width 120
        [regex]::Matches($text, 'Root: 0x\w+').Value | Should -Be 'Root: 0x904000', 'Root: 0x942000'
        [regex]::Matches($text, 'VirtualAddress').Count | Should -Be 2
    }

    It 'has everything in a list' {
        $text = Get-PageTableMapping $small @get -MaximumCount 1 | Format-List | Out-String -Width 120
        $text | Should -Match 'EndAddress +: 0x0000000000401000'
        $text | Should -Match 'Root +: 0x1000'
        $text | Should -Match ('Dump +: {0}' -f [regex]::Escape($small))
    }

    It 'is hexadecimal for Compress-Interval''s intervals' {
        $text = [pscustomobject]@{ Start = 0xffff888000000000; Size = 0x1000; Target = 0x9000; Rights = 'rw' } |
            Compress-Interval | Out-String -Width 120
        $text | Should -Match '(?m)^0xffff888000000000 +0x1000 0x0000000000009000 rw +1\s*$'
        $text = [pscustomobject]@{ Start = 0; Size = 0x1000 } | Compress-Interval | Out-String -Width 120
        $text | Should -Match '(?m)^0x0000000000000000 +0x1000 +1\s*$'
    }

    It 'is names and hexadecimal for ELF headers' {
        $text = Get-ElfHeader $sample -WarningAction Ignore | Out-String -Width 120
        $text | Should -Match 'TypeName +: ET_CORE \(Core file\)'
        $text | Should -Match 'MachineName +: EM_X86_64 \('
        $text | Should -Match 'ProgramHeaderOffset +: 0xc0'
        $text | Should -Match ('Path +: {0}' -f [regex]::Escape($sample))
    }
}

Describe 'Tab completion' {
    BeforeAll {
        function Get-Completion([string]$Line) { (TabExpansion2 $Line $Line.Length).CompletionMatches }
    }

    It 'offers rights with what they mean, to <_>' -ForEach @(
        'Get-PageTableMapping x', 'Export-ElfCore x -Dump y', 'Search-VirtualMemory x', 'Compare-PageTableMapping x', 'Show-AddressSpace x'
    ) {
        $all = Get-Completion "$_ -Rights "
        $all.CompletionText | Should -Contain 'rx'
        $all.CompletionText | Should -Contain '!x'
        $all.CompletionText | Should -Contain "'--x'"
        ($all | Where-Object CompletionText -EQ r-x).ToolTip | Should -Be 'readable and executable, not writable'
        (Get-Completion "$_ -Rights r-").CompletionText | Should -Be 'r--', 'r-x'
    }

    It 'offers rights that are all taken' {
        foreach ($rights in (Get-Completion 'Get-PageTableMapping x -Rights ').CompletionText) {
            $null = & ([scriptblock]::Create("Get-PageTableMapping '$small' -Root 0x1000 -Mode ia32e -Rights $rights -ErrorAction Stop"))
        }
    }

    It 'offers the types that fields of a layout begin with' {
        (Get-Completion "Read-VirtualMemory x 0 -Layout 'u32 id; u3").CompletionText | Should -Be "'u32 id; u32", "'u32 id; u32le", "'u32 id; u32be"
        (Get-Completion "Read-VirtualMemory x 0 -Layout 'u1").ListItemText | Should -Contain 'u16'
    }

    It 'offers the modes with what they are, to <_>' -ForEach 'Get-PageTableMapping x', 'Export-ElfCore x -Dump y' {
        $all = Get-Completion "$_ -Mode "
        $all.CompletionText | Should -Contain 'ia32e'
        $all.CompletionText | Should -Contain 'pae'
        ($all | Where-Object CompletionText -EQ ia32e).ToolTip | Should -Be 'x86-64, 4-level paging'
        ($all | Where-Object CompletionText -EQ ia32e).ResultType | Should -Be 'ParameterValue'
        (Get-Completion "$_ -Mode IA3").CompletionText | Should -Be 'ia32', 'ia32e'
        (Get-Completion "$_ -Mode 'la").CompletionText | Should -Be 'la57'
    }

    It 'offers modes that are all taken' {
        foreach ($mode in (Get-Completion 'Get-PageTableMapping x -Mode ').CompletionText) {
            # Where the root isn't looked for first, it is the registers that a mode can't do without.
            $failure = Get-ErrorOf { Get-PageTableMapping $small -Mode $mode -Root 0x7000000 -WarningAction SilentlyContinue }
            if ($mode -notin 'ppc32', 'mips32') {
                $failure.FullyQualifiedErrorId | Should -Be "RootNotInDump,$commands.GetPageTableMappingCommand" -Because $mode
            }

            $failure.FullyQualifiedErrorId | Should -Not -BeLike 'Mode*'
        }
    }

    It 'offers what <Line> can be' -ForEach @(
        @{ Line = 'Get-PageTableMapping x -Privilege '; Expected = 'Any', 'Supervisor', 'User' }
        @{ Line = 'Export-ElfCore x -Privilege '; Expected = 'Any', 'Supervisor', 'User' }
        @{ Line = 'Compress-Interval -By '; Expected = 'Adjacency', 'Rights', 'Target' }) {
        (Get-Completion $Line).CompletionText | Sort-Object | Should -Be $Expected
    }

    It 'offers the orders of segments' {
        (Get-Completion 'Export-ElfCore x -SegmentOrder ').CompletionText | Sort-Object | Should -Be 'Address', 'Size'
    }

    It 'offers the properties of what is emitted' {
        (Get-Completion 'Get-PageTableMapping x | Where-Object Virt').CompletionText | Should -Be 'VirtualAddress'
    }
}
