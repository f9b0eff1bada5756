"""What the columns of a sheet are called out there, kind by kind.

A header is looked up by its letters and digits only. A weak name counts only where no other
header of the sheet claims the same field: "Badge" is the employee id unless there is an "Emp ID".
"""

from functools import cache

from tracker.intake.rows import Kind
from tracker.intake.text import keys, squash

CLOSE, WEAK, STRONG, SAID = range(4)
"""How surely a header means a field; what a person said outweighs everything."""

FIELDS: dict[Kind, tuple[str, ...]] = {
    "roster": (
        "employee_id", "name", "email", "unit", "role",
        "employment_type", "starts_on", "ends_on", "manager_email",
    ),
    "cards": ("employee_id", "type", "issuer", "issued_on", "expires_on", "number", "verified_on"),
    "absences": ("employee_id", "from", "until"),
    "exemptions": ("employee_id", "requirement", "from", "until", "reason", "approver"),
    "units": ("unit", "facility", "managers", "director"),
}  # fmt: skip
"""The canonical headers, in order."""

WHO = ("name", "email", "unit")
"""What a sheet without employee ids says of whom its rows are about; found by what rosters call it."""

NAME_PARTS = ("first_name", "middle_name", "last_name")
"""What a name may be put together from, in that order."""

NAMES = ("name", *NAME_PARTS)
"""The fields of a name, whole or in parts."""

KINDS: tuple[Kind, ...] = tuple(FIELDS)

_PERSON = """
    empid employeenumber employeeno employeecode empnumber empno empcode staffid staffnumber staffno
    personnelnumber personnelno personnelid payrollnumber payrollno payrollid workerid workernumber
    associateid associatenumber colleagueid teammemberid eid emplid empnum employeenum persno
    personnumber personno peoplesoftid colleaguenumber
"""
_PERSON_WEAK = "id userid personid badge badgenumber badgeno badgeid learnerid learnernumber studentid traineeid"
_UNIT = """
    dept department homeunit homedepartment homedept unitname departmentname deptname nursingunit
    ward wardname workunit homedepartmentname homedepartmentdescription departmentdescription
    departmentdescr deptdescr deptdescription orgunit organizationalunit organisationalunit
"""
_UNIT_WEAK = """
    location locationname primarylocation area team costcenter costcentre costcentername
    costcentrename costcenterdescription supervisoryorganization supervisoryorganisation businessunit
    deptid departmentid departmentcode worklocation
"""

_STRONG: dict[Kind, dict[str, str]] = {
    "roster": {
        "employee_id": _PERSON,
        "name": """
            fullname employeename employeefullname staffname staffmember employee personname
            nursename workername displayname legalname lastnamefirstname lastfirst
            lastnamecommafirstname personfullname workerfullname namelastfirst namelastcommafirst
        """,
        "first_name": "firstname givenname forename first employeefirstname legalfirstname givennames",
        "middle_name": "middlename middle middleinitial middlenames mi employeemiddlename legalmiddlename",
        "last_name": "lastname surname familyname last employeelastname legallastname",
        "email": """
            emailaddress workemail workemailaddress employeeemail staffemail emailid mail emailwork
            primaryworkemail emailprimarywork businessemail businessemailaddress workcontactworkemail
            companyemail companyemailaddress
        """,
        "unit": _UNIT,
        "role": """
            jobtitle position positiontitle positionname jobname jobrole job roletitle jobprofile
            jobprofilename jobtitledescription jobdescription positiondescription jobcodedescription
            jobcodedescr businesstitle
        """,
        "employment_type": """
            employeetype emptype employmentcategory workertype contracttype stafftype
            workercategory assignmentcategory employmentclass
        """,
        "starts_on": """
            startdate start datestarted hiredate dateofhire datehired hired hiredon doh joindate
            joiningdate datejoined dateofjoining assignmentstart assignmentstartdate positionstartdate
            unitstartdate
        """,
        "ends_on": """
            enddate end dateended terminationdate termdate contractend contractenddate leavingdate
            lastworkingday assignmentend assignmentenddate positionenddate unitenddate
            dateofleaving dateofseparation separationdate lastdayworked lastdateworked lastdayofwork
            lastworkday lastdayofemployment lastdayonunit terminationeffectivedate
            dateoftermination
        """,
        "manager_email": """
            managersemail manageremailaddress supervisoremail supervisorsemail
            supervisoremailaddress linemanageremail reportstoemail manageremailwork managerworkemail
            manageremailid
        """,
    },
    "cards": {
        "employee_id": _PERSON,
        "type": """
            certification certificationtype certificationname certtype certname credential
            credentialtype credentialname certificatetype certificatename cardtype course coursename
            coursetitle competency competencyname learningname learningtitle learningitem
            learningitemtitle learningactivity learningcontent learningcontenttitle activityname
            activitytitle itemtitle itemname trainingtitle trainingcourse classname coursetype
            credentialtitle certificationtitle licensetype qualification qualificationname
        """,
        "issuer": """
            issuedby issuingbody issuingorganization issuingorganisation issuingagency certifyingbody
            certifyingorganization certifyingorganisation certifyingagency awardingbody provider
            trainingprovider trainingorganization trainingorganisation
        """,
        "issued_on": """
            issuedate issued dateissued dateofissue completiondate completed completedon
            datecompleted datetaken dateawarded datelastawarded dateearned dateobtained
            dateofcompletion completeddate completedate completiondatetime transcriptcompleteddate
            learningcompletiondate coursecompletiondate coursecompleted lastcompleted
            lastcompletiondate lastcompleteddate awarddate awardeddate awardedon dateachieved
            achieveddate achievedon dateofaward dateofcourse certificationdate certifieddate
            certifiedon datecertified dateattained dateoftraining obtainedon earnedon takenon
        """,
        "expires_on": """
            expires expiry exp expdate expirydate expiration expirationdate expiredate expireson
            dateofexpiry dateofexpiration validuntil validto validthrough validthru goodthrough renewby
            expdt expirationdt expirydt expiringon expirationon gooduntil goodthru goodto
            certificationexpiration certificationexpirationdate certificationexpirydate
            certificateexpirydate certificateexpirationdate certexpiration certexpirationdate certexp
            certexpdate certexpiry certexpirydate credentialexpiration credentialexpirationdate
            cardexpiration cardexpirationdate cardexpiry cardexpirydate cardexp cardexpdate
        """,
        "number": """
            cardnumber cardno cardid certificatenumber certificateno certificateid certnumber certno
            certificationnumber credentialnumber credentialid ecardcode ecardnumber ecard
        """,
        "verified_on": "verifieddate dateverified verificationdate",
    },
    "absences": {
        "employee_id": _PERSON,
        "from": """
            fromdate datefrom leavestart leavestartdate leavefrom startofleave absencestart
            absencestartdate absentfrom loastart loastartdate firstdayofleave leavebegins
            leavebeginson leavebegan leavebegin leavebegindate leavestarts leavestartson
            leavestarted absencebegins absencebegindate absencestarts firstdayaway firstdayoff
            firstdayabsent awayfrom dateleavestarted firstdayout outfrom dateout loafrom loabegins loabegan
            loabegindate loabegin startofloa loastarts loastarted
        """,
        "until": """
            untildate to todate dateto leaveend leaveenddate leaveuntil leaveto endofleave absenceend
            absenceenddate absentuntil loaend loaenddate lastdayofleave through throughdate
            leaveends leaveendson leaveended absenceends lastdayaway lastdayoff lastdayabsent
            awayuntil estimatedlastdayofleave expectedlastdayofleave leavethrough lastdayout outuntil outto
            loauntil loato loathrough loaends loaended endofloa lastdayofloa
        """,
    },
    "exemptions": {
        "employee_id": _PERSON,
        "requirement": "requirementid exemptfrom exemption waiver waivedrequirement",
        "from": "fromdate datefrom validfrom exemptionstart waiverstart startdate start starts",
        "until": """
            untildate to todate dateto validuntil validto through exemptionend waiverend enddate end
            ends expires expirationdate expirydate
        """,
        "reason": "exemptionreason waiverreason justification",
        "approver": "approvedby authorizedby authorisedby",
    },
    "units": {
        "unit": _UNIT,
        "facility": "facilityname hospital hospitalname site sitename campus",
        "managers": """
            manager manageremail manageremails managersemail managersemails manageremailaddress
            unitmanager nursemanager
        """,
        "director": "directoremail directors directoremails directorsemail",
    },
}

_WEAK: dict[Kind, dict[str, str]] = {
    "roster": {
        "employee_id": _PERSON_WEAK,
        "name": "nurse person staff worker learner learnername student studentname payrollname",
        "unit": _UNIT_WEAK,
        "role": "title profession discipline designation",
        "starts_on": "lasthiredate lateststartdate mostrecenthiredate",
        "ends_on": "inactivedate lastday termination separation terminated separated",
    },
    "cards": {
        "employee_id": _PERSON_WEAK,
        "type": "certificate cert card training trainingname",
        "issuer": "agency organization organisation",
        "issued_on": "awarded earned obtained coursedate trainingdate",
        "number": "no code",
        "verified_on": "verified",
    },
    "absences": {
        "employee_id": _PERSON_WEAK,
        "from": "startdate start startson starts",
        "until": "enddate end endson ends",
    },
    "exemptions": {"employee_id": _PERSON_WEAK},
    "units": {"unit": _UNIT_WEAK},
}


RETURNS = frozenset(
    """
    return returns returndate returnson returningon dateofreturn expectedreturn expectedreturndate
    expectedtoreturn estimatedreturn estimatedreturndate anticipatedreturn anticipatedreturndate
    returntowork returntoworkdate rtw rtwdate expectedreturntowork backon backatwork firstdayback
    """.split()
)
"""What the first day is called on which somebody is back: in a list of absences, the day after the last one away."""


@cache
def meanings(kind: Kind) -> dict[str, tuple[str, int]]:
    """Map every squashed header of a kind to its field and to how surely it means it."""
    found = {key: (field, WEAK) for field, text in _WEAK[kind].items() for key in text.split()}
    found |= {key: (field, STRONG) for field, text in _STRONG[kind].items() for key in text.split()}
    if kind == "absences":
        found |= dict.fromkeys(RETURNS, ("until", WEAK))
    return found | {squash(field): (field, STRONG) for field in FIELDS[kind]}


def is_return(header: str | None) -> bool:
    """Say whether a header names the day on which somebody is back."""
    return header is not None and not RETURNS.isdisjoint(keys(header))


@cache
def known_headers() -> frozenset[str]:
    """Give every squashed header that means something in some kind of sheet."""
    return frozenset(key for kind in KINDS for key in meanings(kind))
